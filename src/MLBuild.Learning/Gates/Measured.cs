using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>A measured number, or the reason why there is none. NaN and infinities are no measurements: a comparison
/// with one must not decide anything.</summary>
public abstract record Measured
{
    private Measured()
    {
    }

    /// <summary>A measurement; a missing one where <paramref name="number"/> is not finite.</summary>
    public static Measured Value(double number) =>
        double.IsFinite(number) ? new Finite(number) : Missing(FormattableString.Invariant($"measured as {number}"));

    /// <summary>No measurement.</summary>
    /// <param name="reason">A clause: "the slice has one class only".</param>
    public static Measured Missing(string reason) => new Absent(reason);

    public sealed record Finite : Measured
    {
        internal Finite(double number) => Number = number;

        public double Number { get; }

        public override string ToString() => Figures.Number(Number);
    }

    public sealed record Absent : Measured
    {
        internal Absent(string reason) => Reason = reason;

        public string Reason { get; }

        public override string ToString() => $"missing ({Reason})";
    }
}
