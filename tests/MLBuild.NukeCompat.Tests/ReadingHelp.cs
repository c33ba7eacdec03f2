using Nuke.Common.Execution;

namespace MLBuild.NukeCompat.Tests;

/// <summary>The answer to --help: in a pipe as NUKE prints it, in a terminal as wide as that is.</summary>
public class ReadingHelp
{
    private static readonly Parameter[] Parameters =
    [
        new("Rate", typeof(double), "Part of each tree's correction that is taken, from nothing to all, 0..1", null,
            IsSecret: false, IsListed: true, ParameterOrigin.Build),
    ];

    [Fact]
    public void InAPipeWhatTargetsDoIsNotBroken() => Assert.Equal(
        """
        Targets (with their direct dependencies):

          Train (default)      -> Ingest, Validate, Split, Features, InferContract, TrialsOfTheSweep
            Trains the model, and says how its errors on held-out rows compare with those of the one that serves

        Parameters:

          --rate               Part of each tree's correction that is taken, from nothing to all,
                               0..1.
        """.ReplaceLineEndings("\n"), Head(columns: null));

    [Fact]
    public void AtEightyColumns() => Assert.Equal(
        """
        Targets (with their direct dependencies):

          Train (default)      -> Ingest, Validate, Split, Features, InferContract,
                                  TrialsOfTheSweep
            Trains the model, and says how its errors on held-out rows compare with
            those of the one that serves

        Parameters:

          --rate               Part of each tree's correction that is taken, from
                               nothing to all, 0..1.
        """.ReplaceLineEndings("\n"), Head(columns: 80));

    [Fact]
    public void AtAHundredAndTwentyColumns() => Assert.Equal(
        """
        Targets (with their direct dependencies):

          Train (default)      -> Ingest, Validate, Split, Features, InferContract, TrialsOfTheSweep
            Trains the model, and says how its errors on held-out rows compare with those of the one that serves

        Parameters:

          --rate               Part of each tree's correction that is taken, from nothing to all, 0..1.
        """.ReplaceLineEndings("\n"), Head(columns: 120));

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void NoLineIsWiderThanTheTerminal(int columns) =>
        Assert.All(Lines(columns), line => Assert.True(line.Length <= columns, line));

    private static string Head(int? columns) =>
        string.Join('\n', Lines(columns).TakeWhile(line => !line.StartsWith("  --continue", StringComparison.Ordinal)))
            .TrimEnd('\n');

    private static IEnumerable<string> Lines(int? columns)
    {
        var train = new ExecutableTarget
        {
            Name = "Train",
            Description = "Trains the model, and says how its errors on held-out rows compare with those of the one " +
                "that serves",
            Listed = true,
            IsDefault = true,
        };
        foreach (var name in (string[])["Ingest", "Validate", "Split", "Features", "InferContract", "TrialsOfTheSweep"])
            train.ExecutionDependencies.Add(new() { Name = name });
        return HelpText.Lines([train], Parameters, columns);
    }
}
