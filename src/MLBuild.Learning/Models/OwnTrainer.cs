
namespace MLBuild.Learning.Models;

/// <summary>Checks what a team's own trainer gave before anybody depends on it: that the model loads from its bytes and
/// scores a row.</summary>
internal static class OwnTrainer
{
    /// <exception cref="OwnTrainerException">It does not.</exception>
    public static TrainedModel Checked(string name, Func<TrainedModel> train)
    {
        var trained = train();
        try
        {
            using var bytes = new MemoryStream(trained.CanonicalModel, writable: false);
            var model = ScoringModel.Load(bytes);
            model.Score(new float[model.Schema.Features.Width]);
            return trained;
        }
        catch (FormatException error)
        {
            throw new OwnTrainerException(
                $"What trainer '{name}' gave does not load as a regression: {error.Message} Its chain must end in a "
                + "column Score, one Single for each row, and consist of transforms that ML.NET saves and loads.",
                error);
        }
    }
}

/// <summary>A team's own trainer gave no model that can be kept and scored with.</summary>
public sealed class OwnTrainerException(string message, Exception cause) : Exception(message, cause);
