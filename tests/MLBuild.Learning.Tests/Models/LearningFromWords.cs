using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using static MLBuild.Learning.Tests.Models.SampleFeatures;

namespace MLBuild.Learning.Tests.Models;

/// <summary>Every trainer learns from the words of texts, some of which are absent.</summary>
public sealed class LearningFromWords
{
    private static readonly string[] Classes = ["fruit", "tool", "river"];

    private static readonly string[][] Words =
    [
        ["apple", "pear", "Pflaume", "cherry"], ["hammer", "saw", "drill", "Säge"],
        ["Danube", "Rhine", "Elbe", "Seine"],
    ];

    private static readonly FeatureSet<string?> Set = new FeatureSet<string?>().Words("text", text => text, slots: 512);

    [Theory]
    [InlineData(TrainerKind.LightGbm)]
    [InlineData(TrainerKind.FastTree)]
    [InlineData(TrainerKind.FastForest)]
    [InlineData(TrainerKind.Linear)]
    public void TextsOfOneTopicAreToldFromOthers(TrainerKind trainer)
    {
        var model = Load(ModelTraining.Train(
            Rows(seed: 1, out _), new() { Trainer = trainer, Iterations = 60, Leaves = 24, MinRowsPerLeaf = 5 },
            LearningTask.Multiclass(Classes)));
        var unseen = Rows(seed: 2, out var isAbsent);
        var scores = model.ScoreAllClasses(unseen);
        var right = scores.Select((of, i) => Array.IndexOf(of, of.Max()) == i % 3).ToArray();
        // Each text has one word of its topic; one of ten texts is absent, and can only be guessed.
        var (known, absent) = (right.Where((_, i) => !isAbsent[i]), right.Where((_, i) => isAbsent[i]));
        Assert.True(known.Average(one => one ? 1.0 : 0) > 0.97);
        Assert.InRange(absent.Average(one => one ? 1.0 : 0), 0.15, 0.5);
    }

    private static FeaturesInMemory Rows(int seed, out bool[] isAbsent)
    {
        const int count = 1_500;
        var random = new Random(seed);
        var (values, labels) = (new float[count * Set.Width], new double[count]);
        isAbsent = new bool[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 3;
            isAbsent[i] = i % 10 == 0;
            var text = $"the {Words[i % 3][random.Next(4)]} of {random.Next(4)} people";
            Set.Serve(FeatureState.None, isAbsent[i] ? null : text).CopyTo(values, i * Set.Width);
        }
        return new(Set.Schema, values, labels);
    }
}
