using System.Globalization;
using System.Text;

namespace MLBuild.Engine.Recipes;

/// <summary>What a line of a recipe is about. The order is that of the text.</summary>
public enum RecipeKind
{
    /// <summary>What MLBuild itself means by a recipe; changes when equal recipes would no longer give equal
    /// results.</summary>
    Semantics,
    Framework,
    Stage,
    Partition,
    Parameter,
    Input,

    /// <summary>A cheap probe of something outside: the deployed model, a database's high-water mark.</summary>
    Observed,
    Code,

    /// <summary>A value that the code sees without declaring it as an option.</summary>
    Captured,
    Package,
    Output,
}

/// <summary>One thing that a result depends on: a line of a recipe.</summary>
/// <param name="Name">Unique within its kind.</param>
/// <param name="Type">What sort of value it is, so that the text <c>1</c> and the number 1 differ.</param>
public sealed record RecipeEntry(RecipeKind Kind, string Name, string Type, string Value)
{
    /// <summary>The type of an input that is many files of the project; its value is the hash of their list.</summary>
    public const string FilesType = "files";

    internal string ToLine() => $"{KindText(Kind)}\t{Escape(Name)}\t{Escape(Type)}\t{Escape(Value)}\n";

    /// <exception cref="FormatException">The line is not an entry.</exception>
    internal static RecipeEntry Parse(string line)
    {
        var fields = line.Split('\t');
        if (fields.Length != 4)
            throw new FormatException($"'{line}' is not a line of a recipe.");
        foreach (var kind in RecipeLines.Kinds)
            if (KindText(kind) == fields[0])
                return new(kind, Unescape(fields[1]), Unescape(fields[2]), Unescape(fields[3]));
        throw new FormatException($"'{fields[0]}' is not a kind of recipe entry.");
    }

    private static string KindText(RecipeKind kind) => kind switch
    {
        RecipeKind.Semantics => "semantics",
        RecipeKind.Framework => "framework",
        RecipeKind.Stage => "stage",
        RecipeKind.Partition => "partition",
        RecipeKind.Parameter => "parameter",
        RecipeKind.Input => "input",
        RecipeKind.Observed => "observed",
        RecipeKind.Code => "code",
        RecipeKind.Captured => "captured",
        RecipeKind.Package => "package",
        RecipeKind.Output => "output",
        _ => throw new InvalidOperationException($"BUG: unknown recipe kind {(int)kind}."),
    };

    // After this no field holds a tab or a line break, nor half of a surrogate pair, which UTF-8 cannot tell from
    // another: two different entries never share a line, nor its bytes.
    private static string Escape(string text)
    {
        if (IsPlain(text))
            return text;
        var result = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            _ = text[i] switch
            {
                '\\' => result.Append(@"\\"),
                '\t' => result.Append(@"\t"),
                '\n' => result.Append(@"\n"),
                '\r' => result.Append(@"\r"),
                _ when i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) =>
                    result.Append(text[i]).Append(text[++i]),
                var c when char.IsSurrogate(c) => result.Append(CultureInfo.InvariantCulture, $@"\u{(int)c:x4}"),
                var c => result.Append(c),
            };
        }
        return result.ToString();
    }

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
            if (c is '\\' or '\t' or '\n' or '\r' || char.IsSurrogate(c))
                return false;
        return true;
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\'))
            return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }
            result.Append((++i < text.Length ? text[i] : ' ') switch
            {
                '\\' => '\\',
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                'u' when i + 4 < text.Length && ushort.TryParse(
                    text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                    out var half) => Half(half),
                _ => throw new FormatException($"'{text}' is not escaped as a recipe is."),
            });

            char Half(ushort code)
            {
                i += 4;
                return (char)code;
            }
        }
        return result.ToString();
    }
}
