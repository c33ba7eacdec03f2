using System.Text.Json;
using MLBuild.Learning.Metrics;
using MLBuild.Learning.Tests.Statistics;
using static MLBuild.Learning.Tests.Metrics.Measured;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>Metrics of many classes against published values, and what they say when there is nothing to
/// say.</summary>
public sealed class MeasuringClasses
{
    private static readonly string[] Abc = ["a", "b", "c"];

    // scikit-learn, documentation of log_loss.
    [Fact]
    public void LogLossAsPublished()
    {
        var accumulator = new MulticlassAccumulator(["ham", "spam"]);
        accumulator.Add("spam", [0.1, 0.9]);
        accumulator.Add("ham", [0.9, 0.1]);
        accumulator.Add("ham", [0.8, 0.2]);
        accumulator.Add("spam", [0.35, 0.65]);
        Near.Equal(0.2161618746805791539, Number(accumulator.ToMetrics().LogLoss));
    }

    // scikit-learn, documentation of confusion_matrix: y 2,0,2,2,0,1 predicted 0,0,2,2,0,2.
    [Fact]
    public void ConfusionAsPublished()
    {
        var confusion = Sure("ca", "aa", "cc", "cc", "aa", "bc").Confusion;
        Assert.Equal(Abc, confusion.Classes);
        Assert.Equal([[2, 0, 0], [0, 0, 1], [1, 0, 2]], confusion.Counts);
    }

    // scikit-learn, documentation of precision_score, recall_score and f1_score: y 0,1,2,0,1,2 predicted 0,2,1,0,0,1.
    [Fact]
    public void ScoresAsPublished()
    {
        var metrics = Sure("aa", "bc", "cb", "aa", "ba", "cb");
        Near.Equal(0.26666666666666666, Number(metrics.MacroF1));
        Near.Equal(0.33333333333333333, Number(metrics.MicroF1));
        Near.Equal(0.33333333333333333, Number(metrics.Accuracy));
        Near.Equal(2.0 / 3, Number(metrics.Classes[0].Precision));
        Assert.Equal(
            [
                new("a", MetricValue.Of(2), MetricValue.Of(2.0 / 3), MetricValue.Of(1), MetricValue.Of(0.8)),
                new("b", MetricValue.Of(2), MetricValue.Of(0), MetricValue.Of(0), MetricValue.Of(0)),
                new("c", MetricValue.Of(2), MetricValue.Of(0), MetricValue.Of(0), MetricValue.Of(0)),
            ],
            metrics.Classes);
    }

    [Fact]
    public void TwoClassesAreMeasuredAsProbabilitiesOfAnEvent()
    {
        var random = new Random(3);
        var binary = new BinaryAccumulator();
        var classes = new MulticlassAccumulator(["no", "yes"]);
        for (var row = 0; row < 500; row++)
        {
            var probability = 0.001 + 0.998 * random.NextDouble();
            var happened = random.NextDouble() < probability;
            binary.Add(happened ? 1 : 0, probability);
            classes.Add(happened ? "yes" : "no", [1 - probability, probability]);
        }
        var (two, many) = (binary.ToMetrics(), classes.ToMetrics());
        Near.Equal(Number(two.LogLoss), Number(many.LogLoss));
        Assert.Equal(two.AtThreshold.Accuracy, many.Accuracy);
        Assert.Equal(two.AtThreshold.Precision, many.Classes[1].Precision);
        Assert.Equal(two.AtThreshold.Recall, many.Classes[1].Recall);
        Assert.Equal(two.AtThreshold.F1, many.Classes[1].F1);
        Assert.Equal(Number(two.AtThreshold.FalsePositives), many.Confusion.Counts[0][1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TheOrderOfClassesChangesNoScore(int seed)
    {
        var random = new Random(seed);
        var (forwards, backwards) = (new MulticlassAccumulator(Abc), new MulticlassAccumulator(["c", "b", "a"]));
        for (var row = 0; row < 300; row++)
        {
            double[] weights = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
            double[] probabilities = [.. weights.Select(weight => weight / weights.Sum())];
            var label = Abc[random.Next(3)];
            forwards.Add(label, probabilities);
            backwards.Add(label, [.. probabilities.Reverse()]);
        }
        var (first, second) = (forwards.ToMetrics(), backwards.ToMetrics());
        Assert.Equal(first.LogLoss, second.LogLoss);
        Assert.Equal(first.Accuracy, second.Accuracy);
        Near.Equal(Number(first.MacroF1), Number(second.MacroF1));
        Assert.Equal(first.Classes, second.Classes.Reverse());
        Assert.Equal(Number(first.Accuracy), Number(first.MicroF1));
    }

    [Fact]
    public void OfEquallyProbableClassesTheFirstIsPredicted() =>
        Assert.Equal([[0, 0, 0], [0, 0, 0], [0, 1, 0]], Of(("c", [0.2, 0.4, 0.4])).Confusion.Counts);

    [Fact]
    public void BeingSureAndWrongLosesWhatSinglePrecisionCanTellAndIsCounted()
    {
        var metrics = Of(("a", [0.5, 0.5, 0]), ("c", [0.5, 0.5, 0]));
        Near.Equal((Math.Log(2) + (24 * Math.Log(2))) / 2, Number(metrics.LogLoss));
        Assert.Equal(1, metrics.ClippedCount);
        Assert.Equal(0.5, Number(metrics.Accuracy));
    }

    [Fact]
    public void AnUnknownClassLeavesNoMetric()
    {
        AllMissing(
            Of(("a", [1, 0, 0]), ("dog", [0, 1, 0]), ("cat", [0, 1, 0])),
            new(3, 0, 2, 0),
            "2 of 3 rows have no class that the model knows, such as 'cat'; it knows 'a', 'b', 'c'");
        AllMissing(
            Of((null, [1, 0, 0])), new(1, 0, 1, 0), "1 of 1 rows have no class; it knows 'a', 'b', 'c'");
    }

    [Fact]
    public void OfManyKnownClassesFiveAreNamed()
    {
        var accumulator = new MulticlassAccumulator([.. Enumerable.Range(1, 7).Select(i => $"{i}")]);
        accumulator.Add("8", [1, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(
            new MetricValue.Missing("1 of 1 rows have no class that the model knows, such as '8'; "
                + "it knows '1', '2', '3', '4', '5' and 2 more"),
            accumulator.ToMetrics().LogLoss);
    }

    [Theory]
    [InlineData(double.NaN, 0.5, 0.5)]
    [InlineData(0.5, double.PositiveInfinity, 0.5)]
    public void OneNonFiniteProbabilityLeavesNoMetric(double a, double b, double c) => AllMissing(
        Of(("a", [1, 0, 0]), ("b", [a, b, c])), new(2, 1, 0, 0), "1 of 2 rows have a value that is not finite");

    [Theory]
    [InlineData(1.5, -0.5, 0)]
    [InlineData(0.3, 0.3, 0.3)]
    [InlineData(3, 1, 2)]
    [InlineData(1e308, 1e308, 1e308)]
    public void WhatAreNoProbabilitiesAreNotMadeOnes(double a, double b, double c) => AllMissing(
        Of(("a", [1, 0, 0]), ("b", [a, b, c])),
        new(2, 0, 0, 1),
        "1 of 2 rows have probabilities outside 0..1 or of a sum that is not 1");

    [Fact]
    public void ProbabilitiesInSinglePrecisionAddUpToOne() =>
        Assert.IsType<MetricValue.Value>(Of(("a", [0.1f, 0.2f, 0.7f])).LogLoss);

    [Fact]
    public void NoRowsLeaveNoMetric() => AllMissing(Of(), new(0, 0, 0, 0), "there are no rows");

    [Fact]
    public void AClassThatIsNowhereLeavesNoMacroF1()
    {
        var metrics = Sure("aa", "bb");
        Assert.Equal(new MetricValue.Missing("no row is 'c' or predicted to be"), metrics.MacroF1);
        Assert.Equal(
            new(
                "c", MetricValue.Of(0), new MetricValue.Missing("no row is predicted to be 'c'"),
                new MetricValue.Missing("no row is 'c'"), new MetricValue.Missing("no row is 'c' or predicted to be")),
            metrics.Classes[2]);
        Assert.Equal(1, Number(metrics.MicroF1));
        // One wrong prediction of it is a measured 0.
        Assert.Equal(0, Number(Sure("aa", "bb", "bc").Classes[2].F1));
    }

    [Fact]
    public void WhatCannotBeToldApartIsNamed()
    {
        Assert.Equal(
            "There is nothing to tell apart with 1 classes. Give the model's classes, at least two.",
            Assert.Throws<ArgumentException>(() => new MulticlassAccumulator(["a"])).Message);
        Assert.Equal(
            "The class 'a' is there twice. Give each class once.",
            Assert.Throws<ArgumentException>(() => new MulticlassAccumulator(["a", "b", "a"])).Message);
        Assert.Equal(
            "A row has 2 probabilities; expected one for each of 3 classes.",
            Assert.Throws<ArgumentException>(() => Of(("a", [0.5, 0.5]))).Message);
    }

    [Fact]
    public void RoundTripAsJson()
    {
        foreach (var metrics in new[] { Sure("aa", "bc", "cb"), Of() })
        {
            var json = JsonSerializer.Serialize(metrics);
            var read = JsonSerializer.Deserialize<MulticlassMetrics>(json)!;
            Assert.Equal(json, JsonSerializer.Serialize(read));
            Assert.Equal(metrics.MacroF1, read.MacroF1);
            Assert.Equal(metrics.Classes, read.Classes);
            Assert.Equal(metrics.Confusion.Counts, read.Confusion.Counts);
        }
    }

    private static void AllMissing(MulticlassMetrics metrics, FaultCounts counts, string reason)
    {
        var missing = new MetricValue.Missing(reason);
        Assert.Equal(
            counts,
            new(metrics.Count, metrics.NonFiniteCount, metrics.UnknownClassCount, metrics.OutOfRangeCount));
        Assert.All([metrics.LogLoss, metrics.Accuracy, metrics.MacroF1, metrics.MicroF1],
            metric => Assert.Equal(missing, metric));
        Assert.Equal(Abc.Select(name => new ClassMetrics(name, missing, missing, missing, missing)), metrics.Classes);
        Assert.Empty(metrics.Confusion.Counts);
    }

    // Each pair is the actual and the predicted class, of which the model is almost sure.
    private static MulticlassMetrics Sure(params string[] pairs) => Of([.. pairs.Select(pair =>
        ((string?)pair[..1], Abc.Select(name => name == pair[1..] ? 0.98 : 0.01).ToArray()))]);

    private static MulticlassMetrics Of(params (string? Label, double[] Probabilities)[] rows)
    {
        var accumulator = new MulticlassAccumulator(Abc);
        foreach (var (label, probabilities) in rows)
            accumulator.Add(label, probabilities);
        return accumulator.ToMetrics();
    }

    private sealed record FaultCounts(long All, long NonFinite, long UnknownClass, long OutOfRange);
}
