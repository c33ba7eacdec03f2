using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Registry;
using MLBuild.Store;

namespace MLBuild.Serving.Models;

/// <summary>Loads a model version and makes sure that it is the model which was registered: its bytes, its features,
/// and its arithmetic on this machine.</summary>
internal sealed class ModelLoader(IArtifactStore store, FeatureSchema features)
{
    /// <summary>The attachment of a version's evidence that holds its golden rows.</summary>
    public const string GoldenRowsName = "golden.json";

    /// <exception cref="ServingException">The version must not serve; the message says why.</exception>
    public ServedModel Load(Served.Version deployed)
    {
        var version = deployed.Model;
        try
        {
            using var bytes = File.OpenRead(store.Verified(version.ModelHash));
            var model = RegressionModel.Load(bytes);
            model.Schema.Features.Demand(features);
            // Also the warm-up: what is scored here is compiled before the first request.
            GoldenRowsOf(version).Verify(model);
            return new(deployed, model);
        }
        catch (Exception e) when (e is StoreException or FormatException or FeatureSchemaException
            or GoldenRowsException or IOException or UnauthorizedAccessException)
        {
            throw new ServingException(
                $"Version {version.Number} of model '{version.ModelName}' must not serve. {e.Message}", e);
        }
    }

    private GoldenRows GoldenRowsOf(ModelVersion version) =>
        version.Evidence.Attachments.TryGetValue(GoldenRowsName, out var hash)
            ? GoldenRows.FromJson(File.ReadAllText(store.Verified(hash)))
            : throw new FormatException(
                $"It has no '{GoldenRowsName}' to prove that it scores here as it did there. "
                + "Register it again: ./build.sh Register.");
}
