using MLBuild.Engine.Recipes;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Serving.Models;

/// <summary>Loads a model version and makes sure that it is the model which was registered: its bytes, its features and
/// their code, and its arithmetic on this machine.</summary>
internal sealed class ModelLoader(IArtifactStore store, FeatureCode features)
{
    /// <summary>The attachment of a version's evidence that holds its golden rows.</summary>
    public const string GoldenRowsName = "golden.json";

    /// <summary>The attachment that says what the code of its features was.</summary>
    public const string FeatureCodeName = "features.code.txt";

    /// <summary>The attachment that holds what its training rows told.</summary>
    public const string FeatureStateName = "features.state";

    /// <exception cref="ServingException">The version must not serve; the message says why.</exception>
    public ServedModel Load(ModelVersion version)
    {
        try
        {
            // First: of another revision's model nothing else is to be found wrong.
            features.DemandSame(FeatureCodeOf(version));
            using var bytes = File.OpenRead(store.Verified(version.ModelHash));
            var model = ScoringModel.Load(bytes);
            model.Schema.Features.Demand(features.Schema);
            var state = FeatureStateOf(version);
            features.Demand(state);
            // Also the warm-up: what is scored here is compiled before the first request.
            var golden = GoldenRowsOf(version);
            golden.Verify(model);
            return new(version, model, state, new(model.Schema.Task, golden.Scores));
        }
        catch (Exception e) when (e is StoreException or FormatException or FeatureSchemaException
            or FeatureCodeException or GoldenRowsException or IOException or UnauthorizedAccessException)
        {
            throw new ServingException(
                $"Version {version.Number} of model '{version.ModelName}' must not serve. {e.Message}", e);
        }
    }

    /// <summary>Whether a version was refused for this alone: a server of another revision may serve it.</summary>
    public static bool IsOfOtherCode(Exception refusal) =>
        refusal is ServingException { InnerException: FeatureCodeException };

    private GoldenRows GoldenRowsOf(ModelVersion version) => GoldenRows.FromJson(File.ReadAllText(
        Attached(version, GoldenRowsName, "to prove that it scores here as it did there")));

    private Recipe FeatureCodeOf(ModelVersion version) => Recipe.Parse(File.ReadAllText(
        Attached(version, FeatureCodeName, "to prove that its features are computed here as they were there")));

    private FeatureState FeatureStateOf(ModelVersion version)
    {
        if (!features.NeedsState)
            return FeatureState.None;
        using var state = File.OpenRead(Attached(version, FeatureStateName, "to compute its features with"));
        return FeatureState.Read(state);
    }

    private string Attached(ModelVersion version, string name, string why) =>
        version.Evidence.Attachments.TryGetValue(name, out var hash)
            ? store.Verified(hash)
            : throw new FormatException($"It has no '{name}' {why}. Register it again: ./build.sh Register.");
}
