using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>Feature rows come back from Parquet bit by bit, as often as they are asked for.</summary>
public sealed class StoringFeatures : IDisposable
{
    private static readonly string[] Features = ["distance", "hour=1", "borough.Queens/rate", "hour=0"];
    private static readonly string[] Groups = ["borough", "payment"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(70_000)]
    public void AllColumnsComeBackAsTheyWere(int count)
    {
        Assert.Equal(count, Write("f.parquet", count));
        var table = FeatureTableReader.Open(_folder["f.parquet"]);
        Assert.Equal(Features, table.Features);
        Assert.Equal(Groups, table.Groups);
        Assert.Equal(count, table.RowCount);
        Assert.Equal(Enumerable.Range(0, count).Select(Row), Rows(table.Read()));
    }

    [Fact]
    public void ABatchIsARowGroup()
    {
        Write("f.parquet", 70_000);
        var table = FeatureTableReader.Open(_folder["f.parquet"]);
        Assert.Equal([65_536, 4_464], table.Read().Select(batch => batch.Count));
    }

    [Fact]
    public void ValuesAreReadWithoutNames()
    {
        Write("f.parquet", 70_000);
        var table = FeatureTableReader.Open(_folder["f.parquet"]);
        var values = table.Read().SelectMany(batch => batch.Values[..(batch.Count * 4)]).ToList();
        var labels = table.Read().SelectMany(batch => batch.Labels[..batch.Count]).ToList();
        Assert.Equal(values, table.ReadValues().SelectMany(batch => batch.Values[..(batch.Count * 4)]));
        Assert.Equal(labels, table.ReadValues().SelectMany(batch => batch.Labels[..batch.Count]));
        Assert.All(table.ReadValues(), batch => Assert.Equal((0, 0), (batch.Keys.Length, batch.Groups.Length)));
    }

    [Fact]
    public void EveryPassIsTheSame()
    {
        Write("f.parquet", 1_000);
        var pass = FeatureTableReader.Open(_folder["f.parquet"]).Read();
        Assert.Equal(Rows(pass), Rows(pass));
    }

    [Fact]
    public void TwoPassesAtOnceDoNotDisturbEachOther()
    {
        Write("f.parquet", 70_000);
        var pass = FeatureTableReader.Open(_folder["f.parquet"]).Read();
        Assert.NotEmpty(pass);
        foreach (var (first, second) in pass.Zip(pass))
        {
            Assert.NotSame(first.Values, second.Values);
            Assert.Equal(first.Labels, second.Labels);
        }
    }

    [Fact]
    public void NotANumberAndNegativeZeroKeepTheirBits()
    {
        float[] values = [float.NaN, -0.0f, float.NegativeInfinity, float.Epsilon, 0.1f, float.MaxValue];
        using (var writer = new FeatureTableWriter(_folder["f.parquet"], ["x"], []))
        {
            foreach (var value in values)
                writer.Add([value], value, "k", []);
            writer.Complete();
        }
        var batch = FeatureTableReader.Open(_folder["f.parquet"]).ReadValues().Single();
        Assert.Equal(
            values.Select(BitConverter.SingleToInt32Bits),
            batch.Values.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(
            values.Select(value => BitConverter.DoubleToInt64Bits(value)),
            batch.Labels.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void ATableMayHaveNoFeaturesAndNoGroups()
    {
        using (var writer = new FeatureTableWriter(_folder["f.parquet"], [], []))
        {
            writer.Add([], 1.5, "k", []);
            writer.Complete();
        }
        var batch = FeatureTableReader.Open(_folder["f.parquet"]).Read().Single();
        Assert.Equal((1, 1.5, "k"), (batch.Count, batch.Labels[0], batch.Keys[0]));
    }

    [Fact]
    public void EqualRowsGiveEqualBytes()
    {
        Write("1.parquet", 1_000);
        Write("2.parquet", 1_000);
        Assert.Equal(File.ReadAllBytes(_folder["1.parquet"]), File.ReadAllBytes(_folder["2.parquet"]));
    }

    [Fact]
    public void AnUnfinishedTableIsNoFile()
    {
        using (var writer = new FeatureTableWriter(_folder["f.parquet"], ["x"], []))
            writer.Add([1], 1, "k", []);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public void NamesThatAreTakenTwice() =>
        Assert.Equal(
            "A feature table cannot have two columns 'label', 'group_x': each feature and each group needs a name of "
            + "its own, features other than key and label; the column of a group begins with group_.",
            Assert.Throws<ArgumentException>(() =>
                new FeatureTableWriter(_folder["f.parquet"], ["x", "label", "y"], ["x", "x"])).Message);

    [Fact]
    public void AGroupMayBeCalledAsAFeature()
    {
        using (var writer = new FeatureTableWriter(_folder["f.parquet"], ["channel", "key_length"], ["channel", "key"]))
        {
            writer.Add([2, 1], 1.5, "k", ["mail", "short"]);
            writer.Complete();
        }
        var table = FeatureTableReader.Open(_folder["f.parquet"]);
        Assert.Equal(["channel", "key_length"], table.Features);
        Assert.Equal(["channel", "key"], table.Groups);
        var batch = table.Read().Single();
        Assert.Equal((2, "mail", "short"), (batch.Values[0], batch.Groups[0][0], batch.Groups[1][0]));
    }

    [Fact]
    public void ARowOfAnotherWidth()
    {
        using var writer = new FeatureTableWriter(_folder["f.parquet"], ["x"], ["borough"]);
        Assert.Equal(
            "BUG: a row has 2 features and 0 groups, its table has 1 and 1.",
            Assert.Throws<ArgumentException>(() => writer.Add([1, 2], 1, "k", [])).Message);
    }

    [Fact]
    public void ATableOfRowsIsNoFeatureTable()
    {
        RowTable.Write<Ride>(_folder["t.parquet"], [new(new() { Zone = "Queens" }, "a.csv", 2)]);
        Assert.Equal(
            "'t.parquet' is no feature table. Expected key String, label Double, group_… of String and "
            + "features of Single, found zone String, fare Double, riders Int32?, source_file String, "
            + "source_line Int64.",
            Assert.Throws<TableException>(() => FeatureTableReader.Open(_folder["t.parquet"])).Message);
    }

    [Fact]
    public void ATableThatIsCutOff()
    {
        Write("f.parquet", 100);
        _folder.Write("f.parquet", File.ReadAllBytes(_folder["f.parquet"])[..^20]);
        Assert.StartsWith(
            "'f.parquet' cannot be read as Parquet: ",
            Assert.Throws<TableException>(() => FeatureTableReader.Open(_folder["f.parquet"])).Message);
    }

    private static string Row(int i) =>
        FormattableString.Invariant(
            $"{i} {i * 0.1} borough {i % 5},payment {i % 3} {i / 3f} {(i % 2 == 0 ? float.NaN : 1)} {i} {-i}");

    private static IEnumerable<string> Rows(IEnumerable<FeatureTableBatch> batches)
    {
        foreach (var batch in batches)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var v = batch.Values.AsSpan(i * 4, 4).ToArray();
                var groups = string.Join(',', batch.Groups.Select(group => group[i]));
                yield return FormattableString.Invariant(
                    $"{batch.Keys[i]} {batch.Labels[i]} {groups} {v[0]} {v[1]} {v[2]} {v[3]}");
            }
        }
    }

    private long Write(string file, int count)
    {
        using var writer = new FeatureTableWriter(_folder[file], Features, Groups);
        for (var i = 0; i < count; i++)
            writer.Add(
                [i / 3f, i % 2 == 0 ? float.NaN : 1, i, -i], i * 0.1, $"{i}", [$"borough {i % 5}", $"payment {i % 3}"]);
        return writer.Complete();
    }
}
