namespace MLBuild.Store;

/// <summary>Results that a person wants kept, with the reason: <c>pins/4b1f…</c>, named by fingerprint.</summary>
public sealed class Pins(string root)
{
    private const string Header = "mlbuild-pin 1";

    private readonly string _folder = Path.Combine(Path.GetFullPath(root), "pins");

    /// <param name="Name">What was pinned, as the person named it.</param>
    public sealed record Pin(ContentHash Fingerprint, string Name, string Reason);

    /// <summary>By name. A damaged pin still keeps its result: its file's name says which.</summary>
    public IReadOnlyList<Pin> All() => !Directory.Exists(_folder) ? [] :
        [.. Directory.EnumerateFiles(_folder).Select(Read).OfType<Pin>()
            .OrderBy(pin => pin.Name, StringComparer.Ordinal).ThenBy(pin => pin.Fingerprint)];

    /// <exception cref="StoreUnavailableException">The disk is full or read-only.</exception>
    public void Add(Pin pin)
    {
        try
        {
            AtomicFile.WriteText(PathOf(pin.Fingerprint),
                SealedText.Seal($"{Header}\n{OneLine(pin.Name)}\n{OneLine(pin.Reason)}\n"));
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new StoreUnavailableException(_folder, e);
        }
    }

    /// <summary>False if there was none.</summary>
    /// <exception cref="StoreUnavailableException">The store is read-only.</exception>
    public bool Remove(ContentHash fingerprint)
    {
        if (!File.Exists(PathOf(fingerprint)))
            return false;
        try
        {
            File.Delete(PathOf(fingerprint));
            return true;
        }
        catch (Exception e) when (StoreUnavailableException.Explains(e))
        {
            throw new StoreUnavailableException(_folder, e);
        }
    }

    private static Pin? Read(string path) => !ContentHash.TryParse(Path.GetFileName(path), out var fingerprint)
        ? null
        : SealedText.Open(AtomicFile.TextOf(path) ?? "")?.Split('\n') is [Header, var name, var reason, ""]
            ? new(fingerprint, name, reason)
            : new(fingerprint, fingerprint.Short, "the pin is damaged");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private string PathOf(ContentHash fingerprint) => Path.Combine(_folder, fingerprint.Hex);
}
