using System.Globalization;
using MLBuild.Engine.Recipes;
using MLBuild.Registry;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Exchange;
using MLBuild.Stages.Features;
using MLBuild.Stages.Lineage;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Deploy;

/// <summary>What is asked of a deployment.</summary>
/// <param name="Reason">Why a version may serve although its gate did not pass. Null where it is not
/// forced; kept for ever.</param>
public sealed record DeployOptions(string Model, int Version, string Environment, string Who, string? Reason)
{
    /// <summary>For the history: the command, or what made somebody deploy.</summary>
    public string Why { get; init; } = "./build.sh Deploy";
}

/// <summary>Makes a version the one that an environment serves.</summary>
public static class DeployCommand
{
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="UndeployableException">What a server needs of the version is not in the store.</exception>
    /// <exception cref="RegistryException">There is no such version, its gate did not pass, or another version serves
    /// than the one it was judged against.</exception>
    public static string Run(IModelRegistry registry, LocalArtifactStore store, DeployOptions options)
    {
        var expected = Demanded(registry, store, options);
        var deployed = registry.Deploy(
            new(options.Model, options.Environment, options.Version, options.Who, options.Why)
            {
                Override = options.Reason is null ? null : new(options.Reason),
                Expected = expected,
            });
        return deployed switch
        {
            Deployed.Changed { Deployment: { From: var from } } =>
                $"'{options.Environment}' now serves {options.Model} version {options.Version}" +
                (from is null ? "" : $" instead of version {from}"),
            _ => $"'{options.Environment}' serves {options.Model} version {options.Version} already; nothing changed",
        };
    }

    /// <summary>Makes sure that a version can be served, and says what must serve for it to take its place.</summary>
    /// <exception cref="UndeployableException">What a server needs of the version is not in the store, or it was judged
    /// for another environment against something else than serves in this one.</exception>
    /// <exception cref="RegistryException">There is no such version.</exception>
    internal static ExpectedServing Demanded(IModelRegistry registry, LocalArtifactStore store, DeployOptions options)
    {
        var version = registry.Find(options.Model, options.Version);
        DemandLoadable(store, version);
        return Expected(registry, store, version, options);
    }

    /// <summary>Makes sure that a server finds all that it loads of a version. What cannot be loaded must not be
    /// announced: servers would refuse it one by one.</summary>
    /// <exception cref="UndeployableException">Something of it is not in the store.</exception>
    internal static void DemandLoadable(LocalArtifactStore store, ModelVersion version)
    {
        Verified(store, version, "its model", version.ModelHash);
        Verified(store, version, "its golden rows", Attached(EvaluateStage.Golden));
        Verified(store, version, "the code of its features", Attached(FeaturesStage.Code));
        // Only the server knows whether its features need one; a version that was registered with one has one.
        if (Attached(FeaturesStage.State) is { } state)
            Verified(store, version, "the state of its features", state);

        ContentHash? Attached(string name) =>
            version.Evidence.Attachments.TryGetValue(name, out var hash) ? hash : null;
    }

    // A version is judged against the one that served then. Going back to one that served before needs no new
    // judgement, and who forces a version has looked.
    private static ExpectedServing Expected(
        IModelRegistry registry, LocalArtifactStore store, ModelVersion version, DeployOptions options)
    {
        var past = registry.History(options.Model, options.Environment);
        if (options.Reason is not null || past.Any(deployment => deployment.To == options.Version))
            return new ExpectedServing.Anything();
        if (ImportCommand.IsImported(version.Evidence))
            return ExpectedOfImported(registry, store, version, options);
        var judged = ReportFile.Read<GatedReport>(
            Verified(store, version, "its evaluation", version.Evidence.EvaluationHash));
        ExpectedServing expected = judged.Champion == "none"
            ? new ExpectedServing.Nothing()
            : new ExpectedServing.Version(int.Parse(judged.Champion[1..], CultureInfo.InvariantCulture));
        return judged.Environment == options.Environment
            ? expected
            : ExpectedElsewhere(registry, judged.Environment, expected, options);
    }

    // What it was compared with in one environment is worth as much where the same version serves. Where nothing does,
    // there is nothing that it could be worse than.
    private static ExpectedServing ExpectedElsewhere(
        IModelRegistry registry, string judgedFor, ExpectedServing judgedAgainst, DeployOptions options)
    {
        if (registry.Serving(options.Model, options.Environment) is not Served.Version { Model.Number: var serving })
            return new ExpectedServing.Nothing();
        var against = (judgedAgainst as ExpectedServing.Version)?.Number;
        return against == serving
            ? judgedAgainst
            : throw new UndeployableException(
                $"{options.Model} version {options.Version} was not deployed: it was judged against " +
                $"{(against is null ? "nothing" : $"version {against}")} for '{judgedFor}', while " +
                $"'{options.Environment}' serves version {serving}. Judge it against that one " +
                $"(./build.sh Evaluate --serving-environment {options.Environment}, and Register likewise), or take " +
                "responsibility: --force-because \"...\".");
    }

    // Its champion's number is another registry's, so the bytes have to be the same. Where nothing serves, there is
    // nothing that it could be worse than.
    private static ExpectedServing ExpectedOfImported(
        IModelRegistry registry, LocalArtifactStore store, ModelVersion version, DeployOptions options)
    {
        if (registry.Serving(options.Model, options.Environment) is not Served.Version { Model: var serving })
            return new ExpectedServing.Nothing();
        var judgedAgainst = VersionRecipes.Of(version, store).ByUnit.Values
            .SelectMany(unit => unit.Recipe.Entries)
            .Where(entry => entry is { Kind: RecipeKind.Observed, Name: EvaluateStage.ChampionObservation })
            .Select(entry => Champion.Parse(entry.Value)).OfType<Champion.Serving>().FirstOrDefault()?.Model;
        return judgedAgainst == serving.ModelHash
            ? new ExpectedServing.Version(serving.Number)
            : throw new UndeployableException(
                $"{version.ModelName} version {version.Number} was not deployed: it was imported, and judged against " +
                $"{(judgedAgainst is null ? "nothing" : $"model {judgedAgainst.Short}")} where it came from, while " +
                $"'{options.Environment}' serves version {serving.Number} ({serving.ModelHash.Short}). Train and " +
                "judge it here with its data (./build.sh Register), or take responsibility: --force-because \"...\".");
    }

    private static string Verified(LocalArtifactStore store, ModelVersion version, string what, ContentHash? hash)
    {
        try
        {
            return store.Verified(hash ?? throw new UndeployableException(
                $"{version.ModelName} version {version.Number} was not deployed: it was registered without {what}. " +
                "Register it again: ./build.sh Register."));
        }
        catch (LostArtifactException e)
        {
            throw new UndeployableException(
                $"{version.ModelName} version {version.Number} was not deployed: {what} cannot be read. {e.Message} " +
                "Deploy from the store in which it was registered, or build it again: ./build.sh Register.", e);
        }
    }
}

/// <summary>A version cannot be served from this store. Nothing was changed.</summary>
public sealed class UndeployableException(string message, Exception? inner = null) : Exception(message, inner);
