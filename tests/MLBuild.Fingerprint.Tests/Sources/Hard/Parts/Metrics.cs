namespace Parts;

/// <summary>A metric as a type argument.</summary>
public interface IMetric<TSelf> where TSelf : IMetric<TSelf>
{
    static abstract double Of(double difference);

    static virtual double Weight => 1.5;
}

public readonly struct Squared : IMetric<Squared>
{
    public static double Of(double difference) => difference * difference;
}

public readonly struct Absolute : IMetric<Absolute>
{
    public static double Of(double difference) => difference < 0 ? -difference : difference;
}

public static class Measure
{
    public static double By<T>(double difference) where T : IMetric<T> => T.Of(difference) * T.Weight;
}
