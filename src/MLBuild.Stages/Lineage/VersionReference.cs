using System.Globalization;
using MLBuild.Engine;
using MLBuild.Registry;

namespace MLBuild.Stages.Lineage;

/// <summary>Reads which version a person means: a number, or an environment for what serves there.</summary>
public static class VersionReference
{
    /// <exception cref="PipelineException">The text is neither.</exception>
    public static int Parse(IModelRegistry registry, string model, string text, string parameter)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        var environments = registry.Environments(model);
        return environments.Contains(text) && registry.Serving(model, text) is Served.Version served
            ? served.Model.Number
            : throw new PipelineException($"{parameter} is '{text}', expected the number of a version, or an " +
                "environment for the one that serves there. " + (environments.Count == 0
                    ? $"Nothing of {model} serves yet."
                    : $"Environments: {string.Join(", ", environments)}."));
    }
}
