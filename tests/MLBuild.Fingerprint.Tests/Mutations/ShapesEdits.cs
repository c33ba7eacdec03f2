using System.Globalization;
using System.Text.RegularExpressions;
using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>One edit for each way in which C# reaches code: the numbers of three digits in the sources, each of which
/// belongs to the stage that has the name of its class. And one for each way in which a build holds a value.</summary>
public static partial class ShapesEdits
{
    public static readonly SampleProgram Program = SampleProgram.Read("Shapes", "Shapes", "_build");

    public static readonly Mutation[] Numbers = [.. Program.Files
        .Where(file => file.Key.StartsWith("Shapes/", StringComparison.Ordinal))
        .SelectMany(file => Number().Matches(file.Value).Select(number => Change(file.Key, file.Value, number)))];

    public static readonly Mutation[] Values =
    [
        Held("item of a class that is a dictionary", "1.5", "1.6", "ItemsOfABase"),
        Held("order of a queue", "\"clean\", \"scale\"", "\"scale\", \"clean\"", "Queues"),
        Held("comparer of a dictionary", "StringComparer.OrdinalIgnoreCase", "StringComparer.Ordinal", "Dictionaries"),
        Held("set whose method is held", "\"01-01\" }", "\"12-25\" }", "BoundMethods"),
        Held("object whose method is held beside another", "new Scaler(3)", "new Scaler(4)", "BoundObjects"),
    ];

    private static Mutation Held(string name, string old, string now, string stage) =>
        new(name, program => program.Replace("_build/Build.cs", old, now), stage);

    private static Mutation Change(string file, string text, Match number)
    {
        var stage = StageClass().Matches(text[..number.Index])[^1].Groups[1].Value;
        var other = (int.Parse(number.Value, CultureInfo.InvariantCulture) + 800)
            .ToString(CultureInfo.InvariantCulture);
        return new($"{stage}, {number.Value}", program => program.Replace(file, number.Value, other), stage);
    }

    [GeneratedRegex(@"\b1[0-9]{2}\b")]
    private static partial Regex Number();

    [GeneratedRegex(@"^public static class (\w+)", RegexOptions.Multiline)]
    private static partial Regex StageClass();
}
