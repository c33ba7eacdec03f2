using System.Globalization;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Files of three rides, and ways to damage them.</summary>
internal static class MalformedBytes
{
    /// <summary>How many rows <see cref="ParquetFile"/> has.</summary>
    public const int ParquetRows = 3;

    public const string Header = "zone,fare,riders\n";
    public const string Csv = Header + "Queens,12.5,2\nBronx,7,\nBrooklyn,30,4\n";
    public const string Tsv = "zone\tfare\triders\nQueens\t12.5\t2\nBronx\t7\t\nBrooklyn\t30\t4\n";
    public const string Json =
        "{\"zone\":\"Queens\",\"fare\":12.5,\"riders\":2}\n{\"zone\":\"Bronx\",\"fare\":7}\n" +
        "{\"zone\":\"Brooklyn\",\"fare\":30,\"riders\":4}\n";

    /// <summary>CSV that is longer than the block that is looked at first.</summary>
    public static byte[] Long => Packed.Bytes(Header + string.Concat(Numbers.Select(i => $"zone {i},1,\n")));

    /// <summary>JSON lines that are longer than that.</summary>
    public static byte[] LongJson =>
        Packed.Bytes(string.Concat(Numbers.Select(i => $"{{\"zone\":\"zone {i}\",\"fare\":1}}\n")));

    private static IEnumerable<string> Numbers =>
        Enumerable.Range(0, 10_000).Select(i => i.ToString(CultureInfo.InvariantCulture));

    /// <summary>The text with another line in place of its second ride.</summary>
    public static string Middle(string text, string line)
    {
        var lines = text.Split('\n');
        lines[^3] = line;
        return string.Join('\n', lines);
    }

    public static byte[] ParquetFile()
    {
        using var folder = new TempFolder();
        RowTable.Write<Ride>(folder["a.parquet"],
        [
            new(new() { Zone = "Queens", Fare = 12.5, Riders = 2 }, "a", 1),
            new(new() { Zone = "Bronx", Fare = 7 }, "a", 2),
            new(new() { Zone = "Brooklyn", Fare = 30, Riders = 4 }, "a", 3),
        ]);
        return File.ReadAllBytes(folder["a.parquet"]);
    }

    public static byte[] Random(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Flipped(byte[] bytes, Index at, byte bits = 1)
    {
        bytes[at] ^= bits;
        return bytes;
    }

    public static byte[] Zeroed(byte[] bytes, Index from, int count)
    {
        bytes.AsSpan(from.GetOffset(bytes.Length), count).Clear();
        return bytes;
    }

    /// <summary>Where a zip file's list of files begins.</summary>
    public static int Directory(byte[] zip) => zip.AsSpan().IndexOf("PK\x1\x2"u8);

    /// <summary>A zip file that says that its file is encrypted.</summary>
    public static byte[] Encrypted(byte[] zip) => Flipped(Flipped(zip, 6), Directory(zip) + 8);
}
