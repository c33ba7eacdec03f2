using MLBuild.Learning.Features;

namespace MLBuild.Learning.Tests.Features;

/// <summary>Served rows beside training rows of the same keys.</summary>
public sealed class ComparingServedFeatures
{
    private static readonly FeatureSchema Schema =
        new([new("miles", FeatureKind.Numeric), new("zone", FeatureKind.Categorical)]);

    private readonly SkewCheck _check = new(Schema, version: 3);

    [Fact]
    public void EqualBitsAreTheSame()
    {
        _check.AddServed("a", [1.5f, float.NaN]);
        _check.AddServed("a", [1.5f, float.NaN]);
        _check.AddServed("b", [-0f, 3]);
        _check.AddTraining("a", [1.5f, BitConverter.Int32BitsToSingle(0x7fc00001)]);
        _check.AddTraining("b", [-0f, 3]);

        var report = _check.Complete();

        Assert.Equal((SkewVerdict.Same, 3, 0), (report.Verdict, report.Joined, report.Mismatched));
        Assert.Equal(
            "Served features are those of training, bit for bit: 2 features of 3 joined rows.\n"
            + "  0 only in training, 0 only in serving, 0 with an ambiguous key, 0 served by other versions than 3.\n",
            SkewReportText.Render(report));
    }

    [Fact]
    public void OneBitIsADifference()
    {
        _check.AddServed("a", [MathF.BitIncrement(1.5f), 1]);
        _check.AddServed("b", [-0f, 2]);
        _check.AddServed("c", [2, float.NaN]);
        _check.AddServed("d", [2, 2]);
        _check.AddTraining("a", [1.5f, 1]);
        _check.AddTraining("b", [0f, 2]);
        _check.AddTraining("c", [2, 7]);
        _check.AddTraining("e", [2, 7]);

        var report = _check.Complete();

        Assert.Equal(
            (SkewVerdict.Skewed, 3, 3, 1, 1, 0),
            (report.Verdict, report.Joined, report.Mismatched, report.OnlyInTraining, report.OnlyInServing,
                report.Ambiguous));
        Assert.Equal(
            """
            Served features are not those of training: 2 of 2 features differ, in 3 of 3 joined rows.
              1 only in training, 1 only in serving, 0 with an ambiguous key, 0 served by other versions than 3.
              miles  2 of 3 rows differ
                  a: training 1.5, served 1.5000001
                  b: training 0, served -0
              zone   1 of 3 rows differ
                  c: training 7, served NaN
            Look at what requests send for the columns of these features, and at how the rows of the same keys were ingested; the model's scores of such rows are not to be trusted.

            """.ReplaceLineEndings("\n"),
            SkewReportText.Render(report));
    }

    [Fact]
    public void AKeyOfTrainingRowsThatDifferIsAmbiguous()
    {
        _check.AddServed("a", [1, 10]);
        _check.AddServed("b", [1, 10]);
        _check.AddTraining("a", [1, 10]);
        _check.AddTraining("a", [2, 10]);
        _check.AddTraining("b", [1, 10]);
        _check.AddTraining("b", [1, 10]);

        var report = _check.Complete();

        Assert.Equal((SkewVerdict.Same, 1, 1), (report.Verdict, report.Joined, report.Ambiguous));
    }

    [Fact]
    public void NothingJoinedIsNoPass()
    {
        _check.AddServed("a", [1, 10]);
        _check.AddTraining("b", [1, 10]);

        var report = _check.Complete();

        Assert.Equal(SkewVerdict.NothingJoined, report.Verdict);
        Assert.Equal(
            "No served row has the key of a training row, so nothing was compared.\n"
            + "  1 only in training, 1 only in serving, 0 with an ambiguous key, 0 served by other versions than 3.\n"
            + "Compare with data that has rows which were served, and see that ServedKey reads what both have.\n",
            SkewReportText.Render(report));
    }

    [Fact]
    public void RowsOfOtherVersionsAreCountedOnly()
    {
        _check.AddServed("a", [1, 10]);
        _check.AddServedByOther();
        _check.AddTraining("a", [1, 10]);

        var report = _check.Complete();

        Assert.Equal((3, SkewVerdict.Same, 1, 1),
            (report.Version, report.Verdict, report.Joined, report.ServedByOthers));
        Assert.Contains(", 1 served by other versions than 3.\n", SkewReportText.Render(report));
    }

    [Fact]
    public void ALogOfOtherVersionsIsNoPass()
    {
        _check.AddServedByOther();
        _check.AddTraining("b", [1, 10]);

        var report = _check.Complete();

        Assert.Equal(SkewVerdict.NothingJoined, report.Verdict);
        Assert.Equal(
            "No row was served by version 3, so nothing was compared.\n"
            + "  1 only in training, 0 only in serving, 0 with an ambiguous key, 1 served by other versions than 3.\n"
            + "Name a log of the version that serves, or deploy the version that served these rows.\n",
            SkewReportText.Render(report));
    }

    [Fact]
    public void ExamplesAreTheFirstFew()
    {
        for (var i = 0; i < 9; i++)
        {
            _check.AddServed($"{i}", [1, 1]);
            _check.AddTraining($"{i}", [2, 1]);
        }

        var skew = _check.Complete().Features[0];

        Assert.Equal(9, skew.Mismatches);
        Assert.Equal(["0", "1", "2", "3", "4"], skew.Examples.Select(example => example.Key));
    }
}
