using System.Text.RegularExpressions;

namespace MLBuild.Architecture.Tests;

/// <summary>How every source file is written.</summary>
public sealed partial class SourceFiles
{
    private const int LongestLine = 120;

    private static readonly string[] CSharp = [.. Repository.Files("*.cs")];

    [Fact]
    public void OpenWithASentence() => Rule.IsKept(CSharp.Where(path => !OpensWithSentence(path)));

    [Fact]
    public void HaveShortLines() => Rule.IsKept(CSharp.SelectMany(LinesOfCode)
        .Where(line => line.Text.Length > LongestLine).Select(line => $"{line.Place}: {line.Text.Length} characters"));

    [Fact]
    public void AreIndentedWithSpaces() => Rule.IsKept(Lines()
        .Where(line => line.Text.AsSpan(0, line.Text.Length - line.Text.TrimStart().Length).Contains('\t'))
        .Select(line => line.Place));

    [Fact]
    public void HaveNoTrailingSpaces() =>
        Rule.IsKept(Lines().Where(line => line.Text.EndsWith(' ')).Select(line => line.Place));

    [Fact]
    public void AreFinished() =>
        Rule.IsKept(Lines().Where(line => Unfinished().IsMatch(line.Text)).Select(line => line.Place));

    [Fact]
    public void HaveFileScopedNamespaces() => Rule.IsKept(CSharp
        // A file of several namespaces cannot have any other.
        .Where(path => BlockNamespace().Count(Repository.Read(path)) == 1));

    /// <summary>As <c>dotnet format</c> sorts them: neither the compiler nor the formatting of white space says this.
    /// </summary>
    [Fact]
    public void SortTheirUsings() => Rule.IsKept(
        from path in CSharp
        from block in Repository.Read(path).Split('\n').Select(line => Using().Match(line.TrimEnd('\r')))
            .Aggregate(new List<List<Match>> { new() }, Blocks)
        from pair in block.Zip(block.Skip(1))
        where string.CompareOrdinal(SortKey(pair.First), SortKey(pair.Second)) > 0
        select $"{path}: '{pair.Second.Value}' stands before '{pair.First.Value}'");

    [Fact]
    public void NameNoMachine() => Rule.IsKept(
        from path in Repository.Files("*")
        where Path.GetFileName(path) != "packages.lock.json"
        from match in Machine().Matches(Repository.Read(path))
        select $"{path}: {match.Value}");

    private static IEnumerable<(string Place, string Text)> Lines() => CSharp.SelectMany(Lines);

    // A text between triple quotes has the lines that somebody else reads.
    private static IEnumerable<(string Place, string Text)> LinesOfCode(string path)
    {
        var isText = false;
        foreach (var line in Lines(path))
        {
            if (!isText)
                yield return line;
            isText ^= line.Text.Split("\"\"\"").Length % 2 == 0;
        }
    }

    private static IEnumerable<(string Place, string Text)> Lines(string path) =>
        from line in Repository.Read(path).Split('\n')
            .Select((text, i) => (Place: $"{path}:{i + 1}", Text: text.TrimEnd('\r')))
        select line;

    private static List<List<Match>> Blocks(List<List<Match>> blocks, Match line)
    {
        if (line.Success)
            blocks[^1].Add(line);
        else if (blocks[^1].Count > 0)
            blocks.Add([]);
        return blocks;
    }

    // Namespaces, then static types, then other names; of each, System first. A part of a name ends before any letter.
    private static string SortKey(Match match)
    {
        var name = match.Groups["name"].Value;
        var kind = match.Groups["alias"].Success ? 2 : match.Groups["static"].Success ? 1 : 0;
        var isSystem = name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
        return $"{kind}{(kind < 2 && isSystem ? 0 : 1)}" +
            $"{(kind == 2 ? match.Groups["alias"].Value : name).ToUpperInvariant().Replace('.', ' ')}";
    }

    // The first type has a summary, or, for a file of statements, a comment says what it is.
    private static bool OpensWithSentence(string path)
    {
        var text = Repository.Read(path);
        var type = FirstType().Match(text);
        return type.Success
            ? text[..type.Index].Contains("/// <summary>", StringComparison.Ordinal)
                || text[..type.Index].Contains("/// <inheritdoc", StringComparison.Ordinal)
            : FirstComment().IsMatch(text);
    }

    [GeneratedRegex(
        @"^(?:\[.*\]\s*)?(?:(?:public|internal|private|file|static|sealed|abstract|partial|readonly|ref|unsafe) )*" +
        @"(?:class|record|struct|interface|enum|delegate) ", RegexOptions.Multiline)]
    private static partial Regex FirstType();

    [GeneratedRegex("^// [A-Z]", RegexOptions.Multiline)]
    private static partial Regex FirstComment();

    [GeneratedRegex(@"\b(?:TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^namespace [^;{\r\n]+\s*\{", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();

    [GeneratedRegex(@"^(?:global )?using (?:(?<static>static )|(?<alias>\w+) = )?(?<name>[\w.]+).*;$")]
    private static partial Regex Using();

    // Spelled so that this file does not name one itself.
    [GeneratedRegex(@"(?<![A-Za-z0-9_.}/])/(?:wor" + @"k|hom" + @"e|roo" + @"t)/|api\.nuget\.or" +
        @"g|nuget\.pkg\.|pkgs\.dev\.azure|artifac" + @"tory")]
    private static partial Regex Machine();
}
