using MLBuild.Learning.Contracts;

namespace MLBuild.Learning.Gates;

/// <summary>How much worse than the champion, or than the best version ever, a challenger may be.</summary>
public abstract record Margin
{
    private Margin()
    {
    }

    /// <summary>So much, in the unit of the metric.</summary>
    /// <exception cref="ArgumentException">The amount is negative or not finite.</exception>
    public static Margin Absolute(double amount) => new InUnits(Checked(amount));

    /// <summary>A share of the champion's value: 0.02 is 2 %. Of the size of that value, so a negative metric (R², a
    /// log-likelihood) does not turn the margin round; a champion at 0 leaves no margin.</summary>
    /// <exception cref="ArgumentException">The share is negative or not finite.</exception>
    public static Margin Relative(double share) => new OfChampion(Checked(share));

    /// <summary>In the unit of the metric.</summary>
    internal abstract double Of(double champion);

    /// <summary>"0.1", or "0.676, 2 % of the champion's".</summary>
    internal abstract string Text(double amount, Rival rival);

    private static double Checked(double size) => double.IsFinite(size) && size >= 0
        ? size
        : throw new ArgumentException(FormattableString.Invariant(
            $"A margin of {size} allows nothing. Give a number from 0: how much worse the challenger may be."));

    private sealed record InUnits(double Amount) : Margin
    {
        internal override double Of(double champion) => Amount;

        internal override string Text(double amount, Rival rival) => Figures.Number(amount);
    }

    private sealed record OfChampion(double Share) : Margin
    {
        internal override double Of(double champion) => Share * Math.Abs(champion);

        internal override string Text(double amount, Rival rival) =>
            $"{Figures.Number(amount)}, {Figures.Percent(Share)} of {rival.Noun()}'s";
    }
}
