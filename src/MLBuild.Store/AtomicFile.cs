namespace MLBuild.Store;

/// <summary>Files that appear complete or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside the target and renames over it: a reader sees the old text or the new one.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>As <see cref="WriteText"/>, for content that <paramref name="write"/> streams. If it throws, nothing is left.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = TemporaryBeside(path);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
                write(stream);
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

    // The name is unique to the process and the call; what a killed process leaves is swept by its ".tmp-" mark.
    internal static string TemporaryBeside(string path) => $"{path}.tmp-{Environment.ProcessId}-{Guid.NewGuid():N}";
}
