namespace MLBuild.Learning.Gates;

/// <summary>Which values of a metric are good.</summary>
public enum Direction
{
    /// <summary>Errors and losses.</summary>
    LowerIsBetter,

    /// <summary>Accuracy, AUC, R², log-likelihood.</summary>
    HigherIsBetter,
}

internal static class Directions
{
    /// <summary>How much worse a change of the metric makes the model; negative where it makes it better.</summary>
    public static double Worsening(this Direction direction, double change) =>
        direction == Direction.LowerIsBetter ? change : -change;
}
