using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MLBuild.Store;

/// <summary>A looked-at folder as bytes: a header, the hash of its tree, its folders and files, a seal. Each folder or
/// file is an identity, a hash, a length and the path with a zero byte behind it, as the system wants it.</summary>
internal sealed class TreeBytes
{
    public const int SealBytes = 32;

    private const int IdentityBytes = 32;
    private const int HashBytes = 32;
    private const int NameOffset = IdentityBytes + HashBytes + sizeof(int);

    // No file has this change time.
    private const long Untrusted = -1;

    private readonly byte[] _bytes;

    private readonly SaveMark _saved;

    private TreeBytes(byte[] bytes, SaveMark saved, int[] folders, int[] files) =>
        (_bytes, _saved, Folders, Files) = (bytes, saved, folders, files);

    private static ReadOnlySpan<byte> Header => "mlbuild-files 1\n"u8;

    private static int FirstPlace => Header.Length + (2 * HashBytes) + (3 * sizeof(int));

    /// <summary>Where each folder stands.</summary>
    public int[] Folders { get; }

    /// <summary>Where each file stands, in the order of their paths.</summary>
    public int[] Files { get; }

    public ContentHash TreeHash => ContentHash.FromDigest(_bytes.AsSpan(Header.Length, HashBytes));

    /// <summary>The hash of the files' identities when they were looked at, of those too that
    /// are not trusted.</summary>
    public ContentHash Stamp => ContentHash.FromDigest(_bytes.AsSpan(Header.Length + HashBytes, HashBytes));

    /// <summary>True if what the file system says of a file or folder is what it said then, and may be
    /// believed.</summary>
    public bool IsSame(int place, FileIdentity? now) => now is { } identity
        && identity == IdentityAt(place) && _saved.Holds(identity);

    public FileIdentity IdentityAt(int place) => MemoryMarshal.Read<FileIdentity>(_bytes.AsSpan(place));

    public ContentHash HashAt(int place) =>
        ContentHash.FromDigest(_bytes.AsSpan(place + IdentityBytes, HashBytes));

    public string PathAt(int place) => Encoding.UTF8.GetString(NameAt(place)[..^1]);

    public string RelativePathAt(int place, string root) => PathAt(place)[(root.Length + 1)..].Replace('\\', '/');

    /// <summary>What the file system says now of what stands at a place.</summary>
    public FileIdentity? IdentityNow(int place) =>
        OperatingSystem.IsLinux() ? FileIdentity.OfBytes(NameAt(place)) : FileIdentity.Of(PathAt(place));

    public void WriteTo(Stream stream) => stream.Write(_bytes);

    /// <summary>The bytes if they are whole, else null.</summary>
    public static TreeBytes? Open(byte[] bytes)
    {
        if (bytes.Length < FirstPlace + SealBytes || !bytes.AsSpan().StartsWith(Header)
            || !Digest(bytes.AsSpan(0, bytes.Length - SealBytes)).SequenceEqual(bytes.AsSpan(bytes.Length - SealBytes)))
            return null;
        return Read(bytes);
    }

    private static TreeBytes? Read(byte[] bytes)
    {
        var counts = bytes.AsSpan(Header.Length + (2 * HashBytes));
        var folders = new int[BinaryPrimitives.ReadInt32LittleEndian(counts)];
        var files = new int[BinaryPrimitives.ReadInt32LittleEndian(counts[sizeof(int)..])];
        var markBytes = BinaryPrimitives.ReadInt32LittleEndian(counts[(2 * sizeof(int))..]);
        if (SaveMark.Parse(Encoding.UTF8.GetString(bytes.AsSpan(FirstPlace, markBytes))) is not { } saved)
            return null;
        var place = FirstPlace + markBytes;
        foreach (var places in (int[][])[folders, files])
            for (var i = 0; i < places.Length; i++)
            {
                places[i] = place;
                place += NameOffset
                    + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(place + IdentityBytes + HashBytes));
            }
        return new(bytes, saved, folders, files);
    }

    /// <param name="tree">Gives the tree's hash; asked last.</param>
    /// <param name="isTrusted">False for what may change without another identity: it is never the same again.</param>
    public static TreeBytes Of(
        Func<ContentHash> tree, SaveMark saved, Func<FileIdentity, bool> isTrusted, IReadOnlyList<LookedAt> folders,
        IReadOnlyList<LookedAt> files)
    {
        var mark = Encoding.UTF8.GetBytes(saved.ToString());
        var bytes = new byte[FirstPlace + mark.Length + Sum(folders) + Sum(files) + SealBytes];
        Header.CopyTo(bytes);
        var counts = bytes.AsSpan(Header.Length + (2 * HashBytes));
        BinaryPrimitives.WriteInt32LittleEndian(counts, folders.Count);
        BinaryPrimitives.WriteInt32LittleEndian(counts[sizeof(int)..], files.Count);
        BinaryPrimitives.WriteInt32LittleEndian(counts[(2 * sizeof(int))..], mark.Length);
        mark.CopyTo(bytes.AsSpan(FirstPlace));
        var firstFile = Write(bytes, FirstPlace + mark.Length, folders);
        var end = Write(bytes, firstFile, files);
        // Before identities that are not trusted are crossed out: a file that has grown old enough is the same file.
        Digest(bytes.AsSpan(firstFile..end)).CopyTo(bytes.AsSpan(Header.Length + HashBytes));
        Cross(bytes, FirstPlace + mark.Length, folders, isTrusted);
        Cross(bytes, firstFile, files, isTrusted);
        Convert.FromHexString(tree().Hex, bytes.AsSpan(Header.Length), out _, out _);
        Digest(bytes.AsSpan(..end)).CopyTo(bytes.AsSpan(end));
        return Read(bytes) ?? throw new InvalidOperationException("BUG: a tree cannot be read back.");
    }

    private static int Sum(IReadOnlyList<LookedAt> all)
    {
        var sum = 0;
        foreach (var one in all)
            sum += NameOffset + Encoding.UTF8.GetByteCount(one.Path) + 1;
        return sum;
    }

    private static int Write(byte[] bytes, int place, IReadOnlyList<LookedAt> all)
    {
        foreach (var one in all)
        {
            var identity = one.Identity;
            MemoryMarshal.Write(bytes.AsSpan(place), in identity);
            if (one.Hash is not null)
                Convert.FromHexString(one.Hash.Hex, bytes.AsSpan(place + IdentityBytes, HashBytes), out _, out _);
            var length = Encoding.UTF8.GetBytes(one.Path, bytes.AsSpan(place + NameOffset)) + 1;
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(place + IdentityBytes + HashBytes), length);
            place += NameOffset + length;
        }
        return place;
    }

    private static void Cross(byte[] bytes, int place, IReadOnlyList<LookedAt> all, Func<FileIdentity, bool> isTrusted)
    {
        foreach (var one in all)
        {
            if (!isTrusted(one.Identity))
            {
                var crossed = one.Identity with { ChangedNs = Untrusted };
                MemoryMarshal.Write(bytes.AsSpan(place), in crossed);
            }
            place += NameOffset
                + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(place + IdentityBytes + HashBytes));
        }
    }

    private static byte[] Digest(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes);

    private ReadOnlySpan<byte> NameAt(int place) => _bytes.AsSpan(place + NameOffset,
        BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(place + IdentityBytes + HashBytes)));
}

/// <summary>A folder or a file as it was when it was looked at.</summary>
/// <param name="Hash">Null for a folder.</param>
internal sealed record LookedAt(string Path, FileIdentity Identity, ContentHash? Hash);
