namespace Starter_Project;

/// <summary>What rows must satisfy, and what is learned from them.</summary>
public static class RowModel
{
    /// <summary>Rows that break a rule are set aside up to its share; more fail the build.</summary>
    public static Contract<Row> DataContract => Contract.For<Row>().Rows(min: 500)
        .Row("no area", 0.01, (row, _) => row.Area <= 0, row => row.Area)
        .Column(row => row.Built, built => built.NullRatio(max: 0.2));

    /// <summary>Names a row, so that it is always on the same side of the split.</summary>
    public static RowKey KeyOf(Row row) => RowKey.Of($"{row.Id}");

    /// <summary>What the model sees of a row, in training and where it serves.</summary>
    public static FeatureSet<Row> Features => new FeatureSet<Row>()
        .Numeric("area", row => row.Area)
        .Numeric("rooms", row => row.Rooms)
        .Numeric("built", row => row.Built)
#if (regression)
        .Encoded("district_price", row => row.District, row => row.Price);
#elseif (binary)
        .Numeric("price", row => row.Price)
        .Frequency("district_share", row => row.District);
#else
        .Numeric("price", row => row.Price)
        .Frequency("district_share", row => row.District);
#endif

    public static ModelDefinition<Row> Definition => new(
        "starter-data", Features,
#if (regression)
        Label: row => row.Price,
#elseif (binary)
        Label: row => row.DaysToSale <= 30 ? 1 : 0,
#else
        Label: row => row.Condition,
#endif
        Key: KeyOf,
#if (regression)
        Groups: [new("district", row => row.District)]);
#elseif (binary)
        Groups: [new("district", row => row.District)])
    { Task = LearningTask.Binary("takes longer", "sold within 30 days") };
#else
        Groups: [new("district", row => row.District)])
    { Task = LearningTask.Multiclass("poor", "good", "new") };
#endif
}
