using MLBuild.Learning.Features;
using MLBuild.Learning.Models;

namespace MLBuild.Learning.Tests.Models;

/// <summary>Made-up rows of two and of three classes, with the true probability of each class beside each
/// row.</summary>
internal static class SampleClasses
{
    public static readonly FeatureSchema Schema = new(
    [
        new("x", FeatureKind.Numeric), new("y", FeatureKind.Numeric), new("kind", FeatureKind.Categorical),
    ]);

    public static LearningTask Binary => LearningTask.Binary("no", "yes");

    public static LearningTask Multiclass => LearningTask.Multiclass("low", "right", "up");

    public static LearningTask TaskOf(LearningTaskKind kind) => kind switch
    {
        LearningTaskKind.Regression => LearningTask.Regression,
        LearningTaskKind.Binary => Binary,
        _ => Multiclass,
    };

    /// <summary>Rows of a task of that kind; of a regression its probability of yes is the label.</summary>
    public static Sample Of(LearningTaskKind kind, int count, int seed = 1) =>
        kind == LearningTaskKind.Multiclass ? Gaussians(count, seed) : Logistic(count, seed);

    /// <summary>Labels drawn from a logistic model: of the logit −0.5 + 1.5 x − y, and 1 more of kind 2; where y is
    /// absent the logit is −2.</summary>
    public static Sample Logistic(int count, int seed = 1) => Draw(count, seed, (row, random) =>
    {
        (row[0], row[1]) = ((float)Normal(random), random.Next(8) == 0 ? float.NaN : (float)Normal(random));
        row[2] = random.Next(4);
        var logit = float.IsNaN(row[1]) ? -2 : -0.5 + (1.5 * row[0]) - row[1] + (row[2] == 2 ? 1 : 0);
        var yes = 1 / (1 + Math.Exp(-logit));
        return [1 - yes, yes];
    });

    /// <summary>Three equally frequent classes around (0, 0), (2, 0) and (0, 2), each a Gaussian of unit variance:
    /// Bayes' rule gives the probabilities.</summary>
    public static Sample Gaussians(int count, int seed = 1) => Draw(count, seed, (row, random) =>
    {
        (double X, double Y)[] centres = [(0, 0), (2, 0), (0, 2)];
        var (x, y) = centres[random.Next(3)];
        (row[0], row[1], row[2]) = ((float)(x + Normal(random)), (float)(y + Normal(random)), random.Next(4));
        var (u, v) = (row[0], row[1]);
        var densities = centres.Select(centre =>
            Math.Exp(-(((u - centre.X) * (u - centre.X)) + ((v - centre.Y) * (v - centre.Y))) / 2)).ToArray();
        return [.. densities.Select(density => density / densities.Sum())];
    });

    // The class is drawn from the probabilities that the features leave.
    private static Sample Draw(int count, int seed, Func<float[], Random, double[]> next)
    {
        var random = new Random(seed);
        var (values, labels, probabilities) = (new float[count * 3], new double[count], new double[count][]);
        for (var i = 0; i < count; i++)
        {
            var row = new float[3];
            probabilities[i] = next(row, random);
            row.CopyTo(values, i * 3);
            var draw = random.NextDouble();
            while (labels[i] < probabilities[i].Length - 1 && draw >= probabilities[i][(int)labels[i]])
                draw -= probabilities[i][(int)labels[i]++];
        }
        return new(new(Schema, values, labels), probabilities);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <param name="Probabilities">Of each class, for each row.</param>
    public sealed record Sample(FeaturesInMemory Rows, double[][] Probabilities)
    {
        public double[] Labels => Rows.Read().Single().Labels;
    }
}
