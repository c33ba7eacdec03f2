namespace Parts;

/// <summary>What a build field holds behind an interface.</summary>
public interface IScorer
{
    double Score(double value);
}

public sealed class FastScorer(double factor) : IScorer
{
    public double Score(double value) => value * factor;
}

/// <summary>Nobody makes one.</summary>
public sealed class SlowScorer : IScorer
{
    public double Score(double value) => value + 100;
}

/// <summary>What a local of the build holds.</summary>
public sealed class Holder(double held)
{
    public double Add(double value) => value + held;

    public double Unasked(double value) => value - held;
}
