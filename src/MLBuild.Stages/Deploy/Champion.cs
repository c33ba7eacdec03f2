using MLBuild.Engine.Stages;
using MLBuild.Learning.Features;
using MLBuild.Registry;
using MLBuild.Stages.Features;
using MLBuild.Store;

namespace MLBuild.Stages.Deploy;

/// <summary>The model that serves, as a text that a stage can observe: when another model serves, the text differs and
/// the stage is stale.</summary>
public abstract record Champion
{
    private const string NoneText = "none";

    private Champion()
    {
    }

    /// <summary>Nothing serves yet.</summary>
    public sealed record None : Champion
    {
        public override string ToString() => NoneText;
    }

    /// <param name="Attachments">The artifacts registered with it, by name.</param>
    public sealed record Serving(int Version, ContentHash Model, IReadOnlyDictionary<string, ContentHash> Attachments)
        : Champion
    {
        public override string ToString() => string.Join(' ',
        [
            $"v{Version}",
            $"model={Model}",
            .. Attachments.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"),
        ]);

        /// <summary>The bytes of its model.</summary>
        /// <exception cref="ChampionException">They are not in this store.</exception>
        public string OpenModel(StageRun run) => Open(run, "its model", Model);

        /// <summary>The bytes of an artifact registered with it.</summary>
        /// <exception cref="ChampionException">It was registered without it, or it is not in this store.</exception>
        public string Open(StageRun run, string attachment) => Attachments.TryGetValue(attachment, out var hash)
            ? Open(run, $"its '{attachment}'", hash)
            : throw new ChampionException($"Version {Version}, which serves, was registered without '{attachment}'. " +
                "Register it again, or deploy another version.");

        /// <summary>What its training rows told.</summary>
        /// <exception cref="ChampionException">It is not in this store.</exception>
        internal FeatureState State<TRow>(StageRun run, FeatureSet<TRow> features)
        {
            if (!features.NeedsFit)
                return FeatureState.None;
            using var state = File.OpenRead(Open(run, FeaturesStage.State));
            return FeatureState.Read(state);
        }

        // Rethrown as another exception: what this pipeline's stages would rebuild is not the version that serves.
        private string Open(StageRun run, string what, ContentHash hash)
        {
            try
            {
                return run.Artifact(hash);
            }
            catch (LostArtifactException e)
            {
                throw new ChampionException($"Version {Version} serves, but {what} cannot be read. {e.Message} " +
                    "Use the store in which it was registered, or deploy a version that is in this one.", e);
            }
        }
    }

    /// <summary>What serves now in an environment.</summary>
    /// <param name="attachments">The attachments that matter to the stage that observes; others are left out, so that
    /// they do not make it stale.</param>
    public static Champion Of(IModelRegistry registry, string model, string environment, params string[] attachments) =>
        registry.Serving(model, environment) switch
        {
            Served.Version { Model: var version } => Of(version, attachments),
            Served.Nothing => new None(),
            var other => throw new InvalidOperationException($"BUG: unknown answer {other} of a registry."),
        };

    internal static Serving Of(ModelVersion version, string[] attachments) => new(
        version.Number, version.ModelHash,
        version.Evidence.Attachments.Where(pair => attachments.Contains(pair.Key)).ToDictionary());

    /// <summary>Reads what <see cref="object.ToString"/> wrote.</summary>
    public static Champion Parse(string text)
    {
        if (text == NoneText)
            return new None();
        var parts = text.Split(' ');
        var hashes = parts[1..]
            .Select(part => part.Split('='))
            .ToDictionary(pair => pair[0], pair => ContentHash.Parse(pair[1]));
        var model = hashes["model"];
        hashes.Remove("model");
        return new Serving(int.Parse(parts[0][1..], System.Globalization.CultureInfo.InvariantCulture), model, hashes);
    }
}

/// <summary>The model that serves, which a stage needs, is not there.</summary>
public sealed class ChampionException(string message, Exception? inner = null) : Exception(message, inner);
