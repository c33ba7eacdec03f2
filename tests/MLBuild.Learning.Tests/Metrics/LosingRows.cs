using MLBuild.Learning.Metrics;
using MLBuild.Learning.Models;
using MLBuild.Learning.Tests.Statistics;

namespace MLBuild.Learning.Tests.Metrics;

/// <summary>The loss of one row that decides whatever compares models, one for each task.</summary>
public sealed class LosingRows
{
    private const LearningTaskKind Regression = LearningTaskKind.Regression;
    private const LearningTaskKind Binary = LearningTaskKind.Binary;
    private const LearningTaskKind Multiclass = LearningTaskKind.Multiclass;

    // A number that is finite, of all that is read as one.
    [Theory]
    [InlineData(Regression, 3, new[] { 5.0 }, 4)]
    [InlineData(Binary, 1, new[] { 0.25 }, 1.3862943611198906)] // ln 4, in nats: in bits it would be 2
    [InlineData(Binary, 0, new[] { 0.75 }, 1.3862943611198906)]
    [InlineData(Binary, 1, new[] { 1.0 }, 0)]
    [InlineData(Multiclass, 2, new[] { 0.5, 0.25, 0.25 }, 1.3862943611198906)]
    [InlineData(Binary, 1, new[] { 0.0 }, 16.635532333438686)] // 24 ln 2: sure and wrong
    [InlineData(Binary, 0, new[] { 1.0 }, 16.635532333438686)]
    [InlineData(Multiclass, 0, new[] { 0.0, 1.0, 0.0 }, 16.635532333438686)]
    public void LossByHand(LearningTaskKind task, double label, double[] scores, double expected) =>
        Near.Equal(expected, RowLoss.Of(task).Of(label, scores));

    [Theory]
    [InlineData(Binary, 1, new[] { double.NaN })]
    [InlineData(Binary, 1, new[] { 1.01 })] // a loss below 0 would make the model the best ever
    [InlineData(Binary, 0, new[] { -0.01 })]
    [InlineData(Binary, 2, new[] { 0.5 })]
    [InlineData(Binary, 0.5, new[] { 0.5 })]
    [InlineData(Binary, double.NaN, new[] { 0.5 })]
    [InlineData(Multiclass, 3, new[] { 0.5, 0.25, 0.25 })]
    [InlineData(Multiclass, -1, new[] { 0.5, 0.25, 0.25 })]
    [InlineData(Multiclass, 0.5, new[] { 0.5, 0.25, 0.25 })]
    [InlineData(Multiclass, double.NaN, new[] { 0.5, 0.25, 0.25 })]
    [InlineData(Multiclass, 0, new[] { 0.9, 0.9, 0.9 })]
    [InlineData(Multiclass, 0, new[] { 0.5, double.NaN, 0.5 })]
    [InlineData(Multiclass, 0, new[] { 1.1, -0.1, 0.0 })]
    [InlineData(Regression, 1, new[] { double.NaN })]
    public void WhatCannotBeMeasuredIsNoLossAndNotASmallOne(LearningTaskKind task, double label, double[] scores) =>
        Assert.True(double.IsNaN(RowLoss.Of(task).Of(label, scores)));

    // Of single precision: what a model can say.
    [Fact]
    public void NoScoreThatAModelCanGiveLosesMoreThanTheClip()
    {
        var loss = RowLoss.Of(Binary);
        Assert.Equal(loss.Of(0, [1.0]), loss.Of(0, [MathF.BitDecrement(1)]));
        Assert.True(loss.Of(0, [MathF.BitDecrement(MathF.BitDecrement(1))]) < loss.Of(0, [1.0]));
        Assert.Equal(loss.Of(1, [0.0]), loss.Of(1, [float.Epsilon]));
    }

    [Fact]
    public void EachTaskSaysWhatItsMeanIsCalledAndWhatPeopleRead() => Assert.Equal(
        [
            ("mean squared error", "RMSE", "rmse", 3.0), ("log loss", "log loss", "log-loss", 9),
            ("log loss", "log loss", "log-loss", 9),
        ],
        Enum.GetValues<LearningTaskKind>().Select(RowLoss.Of)
            .Select(loss => (loss.MeanName, loss.ShownName, loss.ShownId, loss.Shown(9))));
}
