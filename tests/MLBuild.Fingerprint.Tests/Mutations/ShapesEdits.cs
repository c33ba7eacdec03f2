using System.Globalization;
using System.Text.RegularExpressions;
using MLBuild.Fingerprint.Tests.Programs;

namespace MLBuild.Fingerprint.Tests.Mutations;

/// <summary>One edit for each way in which C# reaches code: the numbers of three digits in the sources, each of which
/// belongs to the stage that has the name of its class.</summary>
public static partial class ShapesEdits
{
    public static readonly SampleProgram Program = SampleProgram.Read("Shapes", "Shapes", "_build");

    public static readonly Mutation[] Numbers = [.. Program.Files
        .Where(file => file.Key.StartsWith("Shapes/", StringComparison.Ordinal))
        .SelectMany(file => Number().Matches(file.Value).Select(number => Change(file.Key, file.Value, number)))];

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
