using System.IO.Compression;
using System.Text;
using MLBuild.Stages.Reports;
using MLBuild.Store;

namespace MLBuild.Stages.Exchange;

/// <summary>A version as one file: a zip of <c>SHA256SUMS</c>, <c>manifest.json</c> and <c>files/</c>, whose names are
/// the hashes of their bytes. Nothing is compressed, and order and dates are fixed, so that the same version is the
/// same file. <c>unzip</c> and <c>sha256sum -c SHA256SUMS</c> verify it without MLBuild.</summary>
internal static class VersionPackage
{
    private const string Sums = "SHA256SUMS";
    private const string Manifest = "manifest.json";
    private const string Folder = "files/";

    // The first moment that a zip can name.
    private static DateTimeOffset Dated => new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="files">Where the bytes of each hash are.</param>
    public static void Write(string path, PackageManifest manifest, IReadOnlyDictionary<ContentHash, string> files)
    {
        var told = Encoding.UTF8.GetBytes(ReportFile.Text(manifest));
        var names = files.Keys.Order().ToArray();
        var sums = string.Concat(names.Select(hash => $"{hash}  {Folder}{hash}\n").Prepend(
            $"{ContentHash.Of(told)}  {Manifest}\n"));
        AtomicFile.Write(path, stream =>
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create);
            Add(Sums, to => to.Write(Encoding.UTF8.GetBytes(sums)));
            Add(Manifest, to => to.Write(told));
            foreach (var hash in names)
                Add($"{Folder}{hash}", to => FileHasher.Copy(files[hash], to));

            void Add(string name, Action<Stream> write)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = Dated;
                using var to = entry.Open();
                write(to);
            }
        });
    }

    /// <summary>Reads a package and verifies every byte of it.</summary>
    /// <param name="scratch">An empty folder for its files, each under its hash.</param>
    /// <exception cref="PackageException">It is none, or damaged, or has more or less in it than it says.</exception>
    /// <returns>What it says, and the hash of that text.</returns>
    public static (PackageManifest Manifest, ContentHash Hash) Read(string path, string scratch)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            var entries = zip.Entries.ToLookup(entry => entry.FullName, StringComparer.Ordinal);
            if (entries[Sums].SingleOrDefault() is not { } list || entries[Manifest].SingleOrDefault() is null)
                throw new PackageException($"'{path}' is not an exported version: it has no {Sums} and {Manifest}. " +
                    "Make one with ./build.sh Export --model-version N --file PATH.");
            var sums = ReadSums(path, list);
            var strangers = entries.Select(same => same.Key).Where(name => name != Sums && !sums.ContainsKey(name))
                .Order(StringComparer.Ordinal).ToArray();
            if (strangers.Length > 0 || entries.Any(same => same.Count() > 1))
                throw Damaged(path, strangers.Length > 0
                    ? $"'{strangers[0]}' is in it, and not in its {Sums}"
                    : "a name is in it twice");
            foreach (var (name, hash) in sums)
            {
                var entry = entries[name].SingleOrDefault()
                    ?? throw Damaged(path, $"'{name}' is missing");
                // What is packed could be any size once it is unpacked.
                if (entry.CompressedLength != entry.Length)
                    throw Damaged(path, $"'{name}' is compressed, and an export compresses nothing");
                var to = Path.Combine(scratch, hash.Hex);
                using (var from = entry.Open())
                using (var file = File.Create(to))
                    from.CopyTo(file);
                if (FileHasher.Hash(to) is var actual && actual != hash)
                    throw Damaged(path, $"'{name}' hashes to {actual.Short}, expected {hash.Short}");
            }
            var told = sums[Manifest];
            return (ReportFile.Read<PackageManifest>(Path.Combine(scratch, told.Hex)), told);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or EndOfStreamException)
        {
            throw new PackageException($"'{path}' is not an exported version, or is damaged: {e.Message} " +
                "Export it again, or copy it again.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PackageException($"'{path}' cannot be read: {e.Message} Check its path and its rights.", e);
        }
    }

    private static Dictionary<string, ContentHash> ReadSums(string path, ZipArchiveEntry list)
    {
        using var text = new StreamReader(list.Open(), Encoding.UTF8);
        var sums = new Dictionary<string, ContentHash>(StringComparer.Ordinal);
        foreach (var line in text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split("  ", 2) is not [var digits, var name] || !ContentHash.TryParse(digits, out var hash)
                || (name != Manifest && name != $"{Folder}{hash}") || !sums.TryAdd(name, hash))
                throw Damaged(path, $"'{line}' is no line of its {Sums}");
        }
        return sums.ContainsKey(Manifest) ? sums : throw Damaged(path, $"its {Sums} does not name {Manifest}");
    }

    private static PackageException Damaged(string path, string what) =>
        new($"'{path}' is damaged: {what}. Nothing was imported. Copy it again, or export it again.");
}

/// <summary>A version could not be exported or imported. Nothing was registered.</summary>
public sealed class PackageException(string message, Exception? inner = null) : Exception(message, inner);
