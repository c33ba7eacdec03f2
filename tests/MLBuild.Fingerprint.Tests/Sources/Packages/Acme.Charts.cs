namespace Acme.Charts;

/// <summary>A package that no stage uses.</summary>
public static class Chart
{
    public static string Draw(double value) => new('*', (int)value);
}
