using System.Text;

namespace MLBuild.Store;

/// <summary>Files that appear complete or not at all.</summary>
/// <remarks>Nothing waits for the disk. After a power cut a file may be there without its bytes, so every reader tells
/// whole from damaged: artifacts by their hash, other texts by <see cref="SealedText"/>.</remarks>
public static class AtomicFile
{
    private const string Mark = ".tmp-";

    /// <summary>Writes beside the target and renames over it: a reader sees the old text or the new one.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>As <see cref="WriteText"/>, for content that <paramref name="write"/> streams. If it throws, nothing is
    /// left.</summary>
    public static void Write(string path, Action<Stream> write) => Write(path, write, FileAttributes.Normal);

    /// <summary>As <see cref="Write(string, Action{Stream})"/>; the file has these attributes from its first
    /// moment.</summary>
    internal static void Write(string path, Action<Stream> write, FileAttributes attributes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = TemporaryBeside(path);
        try
        {
            using (var stream =
                new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
                write(stream);
            File.SetAttributes(temporary, attributes);
            MoveOver(temporary, path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Renames a file over another, which may be read-only.</summary>
    internal static void MoveOver(string from, string to)
    {
        // Windows refuses to replace a read-only file.
        if (OperatingSystem.IsWindows() && File.Exists(to))
            File.SetAttributes(to, FileAttributes.Normal);
        File.Move(from, to, overwrite: true);
    }

    /// <summary>A file's text, or null if there is none, or no longer.</summary>
    public static string? TextOf(string path) => BytesOf(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>A file's bytes, or null if there is none, or no longer.</summary>
    public static byte[]? BytesOf(string path)
    {
        try
        {
            // Asked first, because mostly it is not there, and exceptions are slow.
            return File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes a file that nobody changes or replaces at that moment: it is taken aside first, and put back
    /// if it is another than was meant.</summary>
    /// <param name="isMeant">Decides when nobody else can reach it any more.</param>
    /// <returns>False if it is still there, or never was.</returns>
    internal static bool Remove(string path, Func<FileInfo, bool> isMeant)
    {
        var aside = TemporaryBeside(path);
        try
        {
            File.Move(path, aside);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        var isRemoved = isMeant(new(aside));
        // What has been put in its place meanwhile is newer.
        if (!isRemoved && !File.Exists(path))
            MoveOver(aside, path);
        else
            LocalArtifactStore.RemoveReadOnly(aside);
        return isRemoved;
    }

    /// <summary>A name that is unique to the process and the call.</summary>
    internal static string TemporaryBeside(string path) => $"{path}{Mark}{Environment.ProcessId}-{Guid.NewGuid():N}";

    /// <summary>True for what a process that was killed while it wrote may have left.</summary>
    /// <remarks>By hand: a regular expression would load its library at each start.</remarks>
    public static bool IsTemporary(string path)
    {
        var mark = path.LastIndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0 || path.LastIndexOf('-') <= mark + Mark.Length)
            return false;
        var dash = path.LastIndexOf('-');
        var process = path.AsSpan(mark + Mark.Length, dash - mark - Mark.Length);
        var call = path.AsSpan(dash + 1);
        if (call.Length != 32)
            return false;
        foreach (var c in process)
        {
            if (!char.IsAsciiDigit(c))
                return false;
        }
        foreach (var c in call)
        {
            if (!char.IsAsciiHexDigitLower(c))
                return false;
        }
        return true;
    }
}
