using MLBuild.Learning.Metrics;

namespace MLBuild.Learning.Models;

/// <summary>Checks what a team's own trainer gave before anybody depends on it: that the model loads from its bytes and
/// gives rows the scores that its task has.</summary>
internal static class OwnTrainer
{
    private const int MostRows = 100;

    /// <param name="rows">Of which the first are scored.</param>
    /// <exception cref="OwnTrainerException">It does not.</exception>
    public static TrainedModel Checked(string name, LearningTask task, IFeatureSource rows, Func<TrainedModel> train)
    {
        var trained = train();
        try
        {
            using var bytes = new MemoryStream(trained.CanonicalModel, writable: false);
            var model = ScoringModel.Load(bytes);
            foreach (var (row, scores) in model.ScoreAllClasses(rows).Take(MostRows).Index())
                DemandProbabilities(name, task, row, scores);
            return trained;
        }
        catch (FormatException error)
        {
            throw new OwnTrainerException(
                $"What trainer '{name}' gave does not load as a model of {task}: {error.Message} Its chain must end in "
                + $"{Column(task)}, and consist of transforms that ML.NET saves and loads.",
                error);
        }
    }

    // A regression may give any number; what is none, golden rows and gates find.
    private static void DemandProbabilities(string name, LearningTask task, int row, float[] scores)
    {
        if (task.Kind == LearningTaskKind.Regression)
            return;
        var sum = task.Kind == LearningTaskKind.Binary ? 1 : scores.Sum(each => (double)each);
        if (scores.All(score => score is >= 0 and <= 1) && Math.Abs(sum - 1) <= MulticlassAccumulator.SumTolerance)
            return;
        var expected = task.Kind == LearningTaskKind.Binary
            ? "a probability, 0..1"
            : "probabilities, 0..1, that add up to 1";
        var list = string.Join(" and ", scores.Select(score => FormattableString.Invariant($"{score:R}")));
        throw new OwnTrainerException(
            FormattableString.Invariant($"What trainer '{name}' gave scores feature row {row} (the first is 0) with ")
            + $"{list}, expected {expected}. Let its chain calibrate what it predicts.");
    }

    private static string Column(LearningTask task) => task.Kind switch
    {
        LearningTaskKind.Regression => "a column Score, one Single for each row",
        LearningTaskKind.Binary => "a column Probability, one Single for each row",
        _ => FormattableString.Invariant(
            $"a column Score, a vector of {task.Classes.Count} Singles for each row"),
    };
}

/// <summary>A team's own trainer gave no model that can be kept and scored with.</summary>
public sealed class OwnTrainerException(string message, Exception? cause = null) : Exception(message, cause);
