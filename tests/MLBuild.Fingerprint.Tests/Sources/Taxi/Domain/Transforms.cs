using System;

namespace Taxi;

/// <summary>One function of a column.</summary>
public abstract class Transform
{
    public virtual double Apply(double value) => value + 0.125;
}

/// <summary>Another base, which no stage's class has.</summary>
public abstract class ClampedTransform : Transform
{
    public override double Apply(double value) => Math.Max(value, 0);
}

public sealed class LogTransform : Transform
{
    public override double Apply(double value) => Math.Log(1 + value);
}

public sealed class PlainTransform : Transform
{
    public double Factor => 2;
}

/// <summary>Nobody makes one.</summary>
public sealed class RootTransform : Transform
{
    public override double Apply(double value) => Math.Sqrt(value);
}
