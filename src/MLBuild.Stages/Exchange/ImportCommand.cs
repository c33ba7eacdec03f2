using System.Globalization;
using MLBuild.Registry;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Exchange;

/// <summary>Registers a version that was exported elsewhere: the same bytes, with the same evidence and where it came
/// from. Doing it twice is doing it once.</summary>
public static class ImportCommand
{
    /// <summary>The attachment that says where a version came from: the <see cref="PackageManifest"/> that came with
    /// it.</summary>
    public const string Origin = "import.json";

    /// <param name="model">The model that this build makes; a package of another is refused.</param>
    /// <param name="who">The person or build that imports it.</param>
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="PackageException">The file is no package, is damaged, or is another model's. Nothing was
    /// changed.</exception>
    public static string Run(IModelRegistry registry, LocalArtifactStore store, string model, string file, string who)
    {
        var scratch = Directory.CreateTempSubdirectory("mlbuild-import-");
        try
        {
            var (manifest, origin) = VersionPackage.Read(file, scratch.FullName);
            var evidence = Checked(manifest, model, file, scratch.FullName);
            // Bytes first: whoever finds the version finds all of it.
            foreach (var path in Directory.GetFiles(scratch.FullName))
                store.Add(path);
            return Registered(registry, manifest, evidence, origin, who);
        }
        finally
        {
            LocalArtifactStore.RemoveReadOnly(scratch.FullName);
        }
    }

    /// <summary>True if what is known of a version comes from another registry.</summary>
    public static bool IsImported(Evidence evidence) => evidence.Attachments.TryGetValue(Origin, out _);

    private static Evidence Checked(PackageManifest manifest, string model, string file, string scratch)
    {
        if (manifest.Model != model)
            throw new PackageException($"'{file}' has a version of '{manifest.Model}', expected one of '{model}'. " +
                "Import it where that model is built.");
        try
        {
            foreach (var (what, hash) in manifest.Needed())
            {
                if (!File.Exists(Path.Combine(scratch, hash.Hex)))
                    throw Refused(file, $"is damaged: {what} ({hash.Short}) is not in it");
            }
            // A manifest that was edited by hand has a right hash, and not what its evaluation found.
            var evaluation = ReportFile.Read<GatedReport>(Path.Combine(scratch, manifest.Evidence.Evaluation));
            if (evaluation.Outcome != manifest.Evidence.Gate || evaluation.Model != manifest.ModelHash)
                throw Refused(file, $"contradicts itself: it says gate {manifest.Evidence.Gate} of model " +
                    $"{manifest.ModelHash[..8]}, and its evaluation says {evaluation.Outcome} of model " +
                    $"{evaluation.Model[..8]}");
            return manifest.ToEvidence();
        }
        // Also a name that is there twice, which no evidence has.
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw Refused(file, $"cannot be understood: {e.Message.TrimEnd('.')}");
        }
    }

    private static PackageException Refused(string file, string what) =>
        new($"'{file}' {what}. Nothing was imported. Export it again.");

    private static string Registered(
        IModelRegistry registry, PackageManifest manifest, Evidence given, ContentHash origin, string who)
    {
        var evidence = WithoutOrigin(given);
        var hash = ContentHash.Parse(manifest.ModelHash);
        var known = registry.Versions(manifest.Model).FirstOrDefault(version => version.ModelHash == hash);
        if (known is not null && registry.EvidenceHistory(manifest.Model, known.Number)
            .Any(entry => WithoutOrigin(entry.Evidence) == evidence))
            return Text($"{manifest.Model} version {known.Number} has these bytes and this evidence already; ") +
                "nothing changed";

        var registered = registry.Register(new(
            manifest.Model, hash,
            evidence with { Attachments = new([.. evidence.Attachments, KeyValuePair.Create(Origin, origin)]) },
            who));
        var number = registered.Version.Number;
        return registered is Registry.Registered.New
            ? Text($"{manifest.Model} version {number} is version {manifest.Version} of where it was exported ") +
                Text($"({hash.Short}); deploy it with ./build.sh Deploy --model-version {number}")
            : Text($"{manifest.Model} version {number} has the evidence of where it was exported ({hash.Short})");
    }

    private static Evidence WithoutOrigin(Evidence evidence) => evidence with
    {
        Attachments = new(evidence.Attachments.Where(pair => pair.Key != Origin)),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
