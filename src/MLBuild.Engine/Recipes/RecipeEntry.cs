using System.Text;

namespace MLBuild.Engine.Recipes;

/// <summary>What a line of a recipe is about. The order is that of the text.</summary>
public enum RecipeKind
{
    /// <summary>What MLBuild itself means by a recipe; changes when equal recipes would no longer give equal results.</summary>
    Semantics,
    Framework,
    Stage,
    Partition,
    Parameter,
    Input,

    /// <summary>A cheap probe of something outside: the deployed model, a database's high-water mark.</summary>
    Observed,
    Code,
    Package,
    Output,
}

/// <summary>One thing that a result depends on: a line of a recipe.</summary>
/// <param name="Name">Unique within its kind.</param>
/// <param name="Type">What sort of value it is, so that the text <c>1</c> and the number 1 differ.</param>
public sealed record RecipeEntry(RecipeKind Kind, string Name, string Type, string Value)
{
    internal string ToLine() => $"{KindText(Kind)}\t{Escape(Name)}\t{Escape(Type)}\t{Escape(Value)}\n";

    /// <exception cref="FormatException">The line is not an entry.</exception>
    internal static RecipeEntry Parse(string line)
    {
        var fields = line.Split('\t');
        if (fields.Length != 4)
            throw new FormatException($"'{line}' is not a line of a recipe.");
        var kind = Enum.GetValues<RecipeKind>().Where(kind => KindText(kind) == fields[0]).ToArray();
        return kind is [var known]
            ? new(known, Unescape(fields[1]), Unescape(fields[2]), Unescape(fields[3]))
            : throw new FormatException($"'{fields[0]}' is not a kind of recipe entry.");
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
        RecipeKind.Package => "package",
        RecipeKind.Output => "output",
        _ => throw new InvalidOperationException($"BUG: unknown recipe kind {(int)kind}."),
    };

    // After this no field holds a tab or a line break, so two different entries never share a line.
    private static string Escape(string text) => text.IndexOfAny(['\\', '\t', '\n', '\r']) < 0
        ? text
        : text.Replace("\\", "\\\\").Replace("\t", "\\t").Replace("\n", "\\n").Replace("\r", "\\r");

    private static string Unescape(string text)
    {
        if (!text.Contains('\\'))
            return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            result.Append(text[i] != '\\' ? text[i] : ++i == text.Length ? throw Broken() : text[i] switch
            {
                '\\' => '\\',
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                _ => throw Broken(),
            });
        }
        return result.ToString();

        FormatException Broken() => new($"'{text}' is not escaped as a recipe is.");
    }
}
