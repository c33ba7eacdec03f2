using System.Globalization;

namespace MLBuild.Store;

/// <summary>When hashes were saved, and in which run of the machine. A file's bytes may reach the disk after its
/// stamps, so after a power cut a young file may have other bytes than those that were hashed, and the same
/// identity.</summary>
internal sealed record SaveMark(long SavedNs, string Boot)
{
    // Linux writes bytes out when they are 30 s old, and looks every 5 s.
    private const long WrittenOutNs = 120_000_000_000;

    public static SaveMark Now(TimeProvider clock) =>
        new((clock.GetUtcNow().UtcDateTime - DateTime.UnixEpoch).Ticks * 100, ThisBoot());

    /// <summary>Reads <see cref="ToString"/>'s text, or null.</summary>
    public static SaveMark? Parse(string text) => text.Split(' ') is ["saved", var ns, "boot", var boot]
        && long.TryParse(ns, CultureInfo.InvariantCulture, out var savedNs) ? new(savedNs, boot) : null;

    /// <summary>Whether what was saved of a file may be believed now.</summary>
    public bool Holds(FileIdentity identity) =>
        Boot == ThisBoot() || Math.Max(identity.ModifiedNs, identity.ChangedNs) < SavedNs - WrittenOutNs;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"saved {SavedNs} boot {Boot}");

    // Other systems do not tell: there a power cut is not told from a start.
    private static string ThisBoot() => LinuxBoot.Value;

    private static readonly Lazy<string> LinuxBoot = new(() =>
    {
        const string Path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(Path) ? File.ReadAllText(Path).Trim() : "unknown";
    });
}
