using System.Globalization;
using System.Text;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Files that were damaged at random: only a <see cref="TableException"/> escapes, each line is a row, a fault
/// or empty, each value is the one that a slow and simple reader finds, and each pass finds the same. Of Parquet, whose
/// pages have no check sum, only the number of rows is compared.</summary>
/// <remarks><c>MLBUILD_SEED=17</c> tries that one alone; <c>MLBUILD_SOAK=100000</c> so many.</remarks>
public sealed class FuzzingReaders : IDisposable
{
    private const int Batches = 20;
    private const int SeedsInBatch = 100;

    private static readonly string[] Names =
        ["a.csv", "a.tsv", "a.jsonl", "a.csv.gz", "a.jsonl.gz", "a.csv.zip", "a.parquet"];

    private readonly TempFolder _folder = new();

    /// <summary>The first seed of each batch.</summary>
    public static TheoryData<int> Seeds => Number("MLBUILD_SEED") is { } one
        ? [one]
        : [.. Enumerable.Range(0, Batches).Select(batch => batch * Each)];

    private static int Each => Number("MLBUILD_SEED") is not null ? 1
        : Number("MLBUILD_SOAK") is { } many ? (many + Batches - 1) / Batches
        : SeedsInBatch;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void DamageIsAnErrorOrAFault(int first)
    {
        var compared = 0;
        for (var seed = first; seed < first + Each; seed++)
        {
            var random = new Random(seed);
            var name = Names[seed % Names.Length];
            var (bytes, text) = FuzzedFile.Make(name, random);
            var path = _folder.Write(name.EndsWith(".zip", StringComparison.Ordinal) ? "a.zip" : name, bytes);
            try
            {
                compared += Demand(path, name, text);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, {name}; to run it alone: MLBUILD_SEED={seed} dotnet test\n{e}\n" +
                    $"{Convert.ToBase64String(bytes)}");
            }
        }
        // Else the damage is such that nothing is tried.
        Assert.True(Each == 1 || compared > 3 * Each, $"{compared} lines were compared.");
    }

    /// <param name="text">What is in the file or was packed in it; null for Parquet.</param>
    /// <returns>How many lines were compared with the slow reader's.</returns>
    private static int Demand(string path, string name, byte[]? text)
    {
        if (Read(path, new()) is not { } read)
            return 0;
        var again = Read(path, new());
        Assert.Equal(read.Rows, again?.Rows);
        Assert.Equal(read.Faults.Select(fault => $"{fault}"), again?.Faults.Select(fault => $"{fault}"));
        Assert.Equal(read.Rows, read.Rows.OrderBy(row => row.Line));
        Assert.Equal(read.Faults.Select(fault => fault.Line), read.Faults.Select(fault => fault.Line).Order());
        Assert.All(read.Rows, row => Assert.True(double.IsFinite(row.Row.Fare)));
        Assert.Empty(read.Rows.Select(row => row.Line).Intersect(read.Faults.Select(fault => fault.Line)));

        // The lines that were rows, and one column alone, are read the same when nothing else is asked for.
        var lines = read.Rows.Select(row => row.Line).ToHashSet();
        var only = Read(path, new() { Wants = lines.Contains })!;
        Assert.Empty(only.Faults);
        Assert.Equal(read.Rows, only.Rows);
        var zones = Read(path, new() { Wants = lines.Contains, Columns = [RowSchema<Ride>.Instance.Find("zone")!] })!;
        Assert.Equal(read.Rows.Select(row => row.Row.Zone), zones.Rows.Select(row => row.Row.Zone));

        if (text is null)
        {
            Assert.Equal(MalformedBytes.ParquetRows, read.Rows.Count + read.Faults.Count);
            return MalformedBytes.ParquetRows;
        }
        var expected = SlowReader.Read(text, name);
        Assert.Equal(expected.Rows, read.Rows.Select(row => (row.Line, row.Row)));
        Assert.Equal(expected.Faults, read.Faults.Select(fault => fault.Line));
        return expected.Rows.Count + expected.Faults.Count;
    }

    private sealed record Result(List<(long Line, Ride Row)> Rows, List<RowFault> Faults);

    private static Result? Read(string path, PassOptions<Ride> options)
    {
        var result = new Result([], []);
        try
        {
            using var pass = RowFiles.Open<Ride>(path).Begin(options with { Fault = result.Faults.Add });
            while (pass.Next())
            {
                for (var i = 0; i < pass.Batch.Count; i++)
                    result.Rows.Add((pass.Batch.Lines[i], pass.Batch.Row(i)));
            }
            return result;
        }
        catch (TableException fault)
        {
            Assert.False(string.IsNullOrWhiteSpace(fault.Message));
            return null;
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>Valid files of rides, damaged at random.</summary>
internal static class FuzzedFile
{
    private static readonly string[] Tokens =
    [
        "\n", "\r", "\r\n", "\"", "\"\"", ",", "\t", ";", "\0", "\uFEFF", "é", "1e999", "1e-999", "NaN", "-", "+", ".",
        "0x1", "9999999999", "null", "{", "}", "[", "]", ":", "\\u0000", "\\ud800", "\\", "\\N", "\"fare\":",
        "\"zone\":\"x\",", "zone,fare,riders\n", "sep=;\n", " ", "true", "\u2212", "\u0085", "1.0", "00",
        "Queens,1,2\n",
    ];

    /// <returns>The file, and the text that is in it or was packed in it: a check sum vouches for that.</returns>
    public static (byte[] Bytes, byte[]? Text) Make(string name, Random random)
    {
        if (name == "a.parquet")
            return (Damaged(MalformedBytes.ParquetFile(), random), null);
        var text = Encoding.UTF8.GetBytes(Valid(name, random));
        if (random.Next(10) > 0)
            text = Damaged(text, random);
        if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            var packed = Packed.Gzip(text);
            return (random.Next(2) == 0 ? packed : Damaged(packed, random), text);
        }
        if (name.EndsWith(".zip", StringComparison.Ordinal))
        {
            var packed = Packed.Zip(("a.csv", text));
            return (random.Next(2) == 0 ? packed : Damaged(packed, random), text);
        }
        return (text, text);
    }

    private static string Valid(string name, Random random)
    {
        var end = random.Next(3) switch { 0 => "\r\n", 1 => "\r", _ => "\n" };
        var isJson = name.Contains("json", StringComparison.Ordinal);
        var separator = name.Contains("tsv", StringComparison.Ordinal) ? '\t' : ',';
        var lines = Enumerable.Range(0, random.Next(30)).Select(i =>
        {
            var zone = random.Next(4) switch { 0 => "東京", 1 => "Queens", 2 => "x", _ => $"zone {i}" };
            var fare = random.Next(3) switch { 0 => "1e3", 1 => $"{i}.25", _ => $"-{i}" };
            var riders = random.Next(3) == 0 ? null : $"{random.Next(10)}";
            return isJson
                ? $"{{\"zone\":\"{zone}\",\"fare\":{fare}{(riders is null ? "" : $",\"riders\":{riders}")}}}"
                : string.Join(separator,
                    separator == ',' && i % 3 == 0 ? $"\"{zone}, \"\"{i}\"\"\"" : zone, fare, riders);
        });
        return string.Join(end, isJson ? lines : lines.Prepend($"zone{separator}fare{separator}riders"))
            + (random.Next(4) == 0 ? "" : end);
    }

    private static byte[] Damaged(byte[] bytes, Random random)
    {
        var damaged = bytes.ToList();
        for (var times = random.Next(1, 5); times > 0 && damaged.Count > 0; times--)
        {
            var at = random.Next(damaged.Count);
            var length = random.Next(1, Math.Min(40, damaged.Count - at) + 1);
            switch (random.Next(7))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged.RemoveRange(at, length);
                    break;
                case 2:
                    damaged.RemoveRange(at, damaged.Count - at);
                    break;
                case 3:
                    damaged.InsertRange(random.Next(damaged.Count + 1), damaged.GetRange(at, length));
                    break;
                case 4:
                    damaged[at] = (byte)random.Next(256);
                    break;
                default:
                    damaged.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
            }
        }
        return [.. damaged];
    }
}
