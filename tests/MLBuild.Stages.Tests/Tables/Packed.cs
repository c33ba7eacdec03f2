using System.IO.Compression;
using System.Text;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Makes packed files of texts.</summary>
internal static class Packed
{
    public static byte[] Bytes(string text) => new UTF8Encoding(false).GetBytes(text);

    public static byte[] Gzip(string text) => Gzip(Bytes(text));

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    public static byte[] Zip(params (string Name, byte[] Bytes)[] files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in files)
            {
                var entry = zip.CreateEntry(name);
                entry.LastWriteTime = new(2019, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(bytes);
            }
        }
        return packed.ToArray();
    }

    public static byte[] Zip(string name, string text) => Zip((name, Bytes(text)));
}
