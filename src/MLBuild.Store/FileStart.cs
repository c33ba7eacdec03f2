using System.Text;

namespace MLBuild.Store;

/// <summary>Tells stored texts apart by how they begin, without reading them.</summary>
public static class FileStart
{
    /// <summary>True if a file begins with these characters, which are plain ASCII.</summary>
    public static bool Is(string path, string header)
    {
        Span<byte> start = stackalloc byte[header.Length];
        using var file = File.OpenHandle(path);
        return RandomAccess.Read(file, start, 0) == start.Length && Encoding.ASCII.GetString(start) == header;
    }
}
