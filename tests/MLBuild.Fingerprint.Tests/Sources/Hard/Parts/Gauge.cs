namespace Parts;

/// <summary>An object that reached code reflects over.</summary>
public sealed class Gauge
{
    public double Go() => 42;
}

/// <summary>An object that only a package reflects over, as an object.</summary>
public sealed class Card
{
    public string Front() => "front";

    public string Back() => "back";
}
