using Acme.Rows;

namespace Taxi;

/// <summary>One trip, as the package reads and writes it.</summary>
public class Trip
{
    [Column("distance"), Position(1), Width(Most = 8)]
    public double Distance { get; set; }

    [Column("fare"), Position(2)]
    public double Fare { get; set; }

    [Column("zone"), Position(3)]
    public Zone Zone { get; set; }

    public double FarePerMile => Fare / Distance;

    public override string ToString() => $"{Zone}: {Distance}";
}

/// <summary>Where a trip begins.</summary>
public enum Zone
{
    Unknown = 0,
    Inner = 1,
    Outer = 2,
    Airport = 3,
}
