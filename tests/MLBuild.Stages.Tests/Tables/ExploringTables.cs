using Microsoft.Data.Analysis;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Tables;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>A stored table as a data frame.</summary>
public sealed class ExploringTables : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlbuild-").FullName;

    private sealed record Item
    {
        [Column("name")]
        public string? Name { get; set; }

        [Column("count")]
        public int? Count { get; set; }

        [Column("price")]
        public double Price { get; set; }
    }

    [Fact]
    public void AFrameHasTheTablesColumnsAndAbsentValues()
    {
        var frame = TableFrame.Read<Item>(
            Table(new Item { Name = "a", Count = 2, Price = 0.5 }, new Item { Price = 1.5 }));
        Assert.Equal(["name", "count", "price"], frame.Columns.Select(column => column.Name));
        Assert.Equal(["a", 2, 0.5], frame.Rows[0]);
        Assert.Equal([null, null, 1.5], frame.Rows[1]);
        Assert.Equal(1.0, ((PrimitiveDataFrameColumn<double>)frame["price"]).Mean());
    }

    [Fact]
    public void OnlyAsManyRowsAsAskedAreRead() =>
        Assert.Equal(1,
            TableFrame.Read<Item>(Table(new Item { Price = 1 }, new Item { Price = 2 }), mostRows: 1).Rows.Count);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Table(params Item[] items)
    {
        var path = Path.Combine(_folder, "items.parquet");
        RowTable.Write(path, items.Select((item, i) => new SourceRow<Item>(item, "items.csv", i + 2)));
        return path;
    }
}
