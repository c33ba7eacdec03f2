using MLBuild.Engine.Running;
using MLBuild.Store;

namespace MLBuild.Engine.Inspection;

/// <summary>Something outside the store that needs artifacts of it, such as a registered version.</summary>
/// <param name="Name">For people: <c>version 3</c>.</param>
/// <param name="Artifacts">Those, and the recipes, that Prune keeps for it.</param>
public sealed record ArtifactKeeper(string Name, IReadOnlySet<ContentHash> Artifacts);

/// <summary>Who keeps a result from being pruned: pins, and what is outside the store.</summary>
public sealed class ArtifactKeepers
{
    private readonly ILookup<ContentHash, string> _pins;
    private readonly IReadOnlyList<ArtifactKeeper> _outside = [];

    public ArtifactKeepers(Workspace workspace, Func<IReadOnlyList<ArtifactKeeper>> outside)
    {
        _pins = workspace.Pins.All().ToLookup(pin => pin.Fingerprint, pin => $"pin \"{pin.Reason}\"");
        try
        {
            _outside = outside();
        }
        catch (Exception e)
        {
            // A registry that does not answer hides nothing of the store.
            Fault = e.Message;
        }
    }

    /// <summary>Why it is not known what else keeps results; null where it is.</summary>
    public string? Fault { get; }

    /// <summary>Who keeps an artifact: its result is pinned, or its bytes are needed.</summary>
    public IReadOnlyList<string> Of(ArtifactInventory.Item item) =>
    [
        .. _outside.Where(keeper => keeper.Artifacts.Contains(item.Artifact.Hash)).Select(keeper => keeper.Name),
        .. _pins[item.Record.Fingerprint],
    ];
}
