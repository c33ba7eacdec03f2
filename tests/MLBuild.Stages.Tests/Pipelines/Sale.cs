using System.Globalization;
using System.Text;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Duplicates;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Cards;

namespace MLBuild.Stages.Tests.Pipelines;

/// <summary>A row of the tests' own pipeline: a flat that was sold.</summary>
public sealed record Sale
{
    [Column("id")] public int Id { get; set; }
    [Column("sold_at")] public DateTime SoldAt { get; set; }
    [Column("district")] public string District { get; set; } = "";
    [Column("area")] public double Area { get; set; }
    [Column("rooms")] public int? Rooms { get; set; }
    [Column("price")] public double Price { get; set; }
}

/// <summary>What is particular to sales: key, duplicates, contract, model, and files of invented ones.</summary>
internal static class Sales
{
    public const string Header = "id,sold_at,district,area,rooms,price\n";

    public static readonly DuplicateRules<Sale> Duplicates = DuplicateRules.ByKey<Sale>(sale => sale.Id)
        .Cancels((one, other) => one.Price == -other.Price && one.Price != 0)
        .Prefers((one, other) => one.Price.CompareTo(other.Price));

    public static readonly Contract<Sale> Contract = MLBuild.Learning.Contracts.Contract.For<Sale>()
        .Rows(min: 300)
        .Row("negative price", 0.01, (sale, _) => sale.Price < 0, sale => sale.Price)
        .Row("no area", 0.01, (sale, _) => sale.Area <= 0, sale => sale.Area, sale => sale.Rooms)
        .Column(sale => sale.Price, price => price.Mean(100, 400));

    public static readonly FeatureSet<Sale> Features = new FeatureSet<Sale>()
        .Numeric("area", sale => sale.Area)
        .Numeric("rooms", sale => sale.Rooms)
        .Categorical("district_code", sale => sale.District.Length);

    public static readonly ModelDefinition<Sale> Model = new(
        "sales", Features, sale => sale.Price, Key, [new("district", sale => sale.District)]);

    public static IReadOnlyList<BusinessMetric<Sale>> Metrics =>
    [
        new("share within a tenth", "", (sale, worth) => Math.Abs(worth - sale.Price) <= 0.1 * sale.Price ? 1 : 0)
        { Min = 0.5 },
    ];

    public static ModelAbout About => new(
        "sales", "Says what a flat is worth.", ["Flats only: it has seen no house."]);

    public static RowKey Key(Sale sale) => RowKey.Of(sale.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Invented sales, the same for the same arguments.</summary>
    /// <param name="area">Of the smallest flat.</param>
    public static string Csv(int rows, int seed, int firstId = 1, double area = 30)
    {
        var random = new Random(seed);
        var text = new StringBuilder(Header);
        for (var i = 0; i < rows; i++)
        {
            // Length tells the districts apart; few flats are at the harbour.
            var (district, worth) = random.Next(50) switch
            {
                0 => ("harbour", 80.0),
                < 25 => ("west", 20.0),
                _ => ("north", 0.0),
            };
            var size = area + (random.NextDouble() * 90);
            var rooms = (int)(size / 25) + random.Next(2);
            var price = (2 * size) + (10 * rooms) + worth + (random.NextDouble() * 30);
            text.Append(CultureInfo.InvariantCulture,
                $"{firstId + i},2019-01-01 10:00:00,{district},{size:0.0},{(i % 40 == 0 ? "" : rooms)},{price:0.00}\n");
        }
        return text.ToString();
    }
}
