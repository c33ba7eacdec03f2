using MLBuild.Learning.Rows;

namespace MLBuild.Stages.Tests.Tables;

/// <summary>A small row type: one text, one number, one that may be absent.</summary>
public sealed record Ride
{
    [Column("zone")] public string Zone { get; set; } = "";
    [Column("fare")] public double Fare { get; set; }
    [Column("riders")] public int? Riders { get; set; }
}
