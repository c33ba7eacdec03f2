namespace Parts;

/// <summary>What a list of the build holds.</summary>
public interface IRule
{
    bool Holds(double value);
}

public sealed class MinRule(double least) : IRule
{
    public bool Holds(double value) => value >= least;
}

public sealed class MaxRule(double most) : IRule
{
    public bool Holds(double value) => value <= most;
}

/// <summary>Only declaration code makes one, and puts it into a registry.</summary>
public sealed class EvenRule : IRule
{
    public bool Holds(double value) => value % 2 == 0;
}
