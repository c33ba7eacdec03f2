namespace MLBuild.Stages.Evaluate;

/// <summary>The error that models are compared by.</summary>
internal static class SquaredError
{
    public static double Of(double predicted, double actual) => (predicted - actual) * (predicted - actual);
}
