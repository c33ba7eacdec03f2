namespace Starter_Project;

/// <summary>One house that was sold: a property for each column of the files in data/.</summary>
public sealed record Row
{
    [Column("id")] public int Id { get; set; }
    [Column("area")] public double Area { get; set; }
    [Column("rooms")] public int Rooms { get; set; }
    [Column("built")] public int? Built { get; set; }
    [Column("district")] public string District { get; set; } = "";
    [Column("price")] public double Price { get; set; }
    [Column("days_to_sale")] public int DaysToSale { get; set; }
    [Column("condition")] public int Condition { get; set; }
}
