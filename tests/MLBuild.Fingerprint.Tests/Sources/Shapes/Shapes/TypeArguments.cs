using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Shapes;

/// <summary>Each class is one way in which a type is handed to code that makes its objects.</summary>
public static class ListsOf
{
    public sealed class Row
    {
        public double Rate { get; set; } = 111;
    }

    public static double Value() => JsonSerializer.Deserialize<List<Row>>("[{}]")!.Sum(row => row.Rate);
}

public static class ArraysOf
{
    public sealed class Row
    {
        public double Rate { get; set; } = 112;
    }

    public static double Value() => ((Row[])JsonSerializer.Deserialize("[{}]", typeof(Row[]))!)[0].Rate;
}

public static class LaziesOf
{
    public sealed class Model
    {
        public double Rate = 113;
    }

    public static double Value() => new Lazy<Model>().Value.Rate;
}

public static class HeldTypes
{
    public interface IModel
    {
        double Fit();
    }

    public sealed class Model : IModel
    {
        public double Fit() => 114;
    }

    public static double Value(Type model) => ((IModel)Activator.CreateInstance(model)!).Fit();
}

public static class TextsOfTexts
{
    private abstract class Label
    {
        public override string ToString() => "0";
    }

    private sealed class Fine : Label
    {
        public override string ToString() => "115";
    }

    public static double Value() => double.Parse($"{new Fine()}");
}
