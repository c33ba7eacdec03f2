using System.Globalization;

namespace Taxi;

/// <summary>How a report looks.</summary>
public static class ReportLayout
{
    public static string Line(string name, double value) => Cell.Left(name) + Cell.Right(value);
}

file static class Cell
{
    public static string Left(string text) => text.PadRight(12);

    public static string Right(double value) => value.ToString("F3", CultureInfo.InvariantCulture).PadLeft(10);
}
