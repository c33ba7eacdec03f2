using MLBuild.Engine;
using MLBuild.Store;

namespace MLBuild.Stages.Reports;

/// <summary>The answer to what a person asked of the registry: lines to read, and the same as data for programs, which
/// goes to a file, as a build says other things too.</summary>
/// <param name="What">The sentence that says where it went begins so: <c>sales version 1: its lineage is</c>.</param>
/// <param name="Data">Becomes JSON by the names of its properties, which stay as they are.</param>
internal sealed record Answer(string What, object Data, Func<IEnumerable<string>> Lines)
{
    /// <summary>It as a picture; null where there is none.</summary>
    public Func<string>? Svg { get; init; }

    /// <summary>Gives it in the form that the name of a file asks for.</summary>
    /// <param name="file">All of it where it ends with <c>.json</c>, a picture where it ends with <c>.svg</c>; null for
    /// lines.</param>
    /// <returns>The lines, or what was written.</returns>
    /// <exception cref="PipelineException">The file ends otherwise, or cannot be written.</exception>
    public IEnumerable<string> In(string? file)
    {
        if (file is null)
            return Lines();
        var text = (Path.GetExtension(file).ToLowerInvariant(), Svg) switch
        {
            (".json", _) => ReportFile.Text(Data),
            (".svg", { } svg) => svg(),
            _ => throw new PipelineException($"--file is '{file}', expected a name with .json for all of it" +
                (Svg is null ? "." : ", or with .svg for a picture.")),
        };
        try
        {
            AtomicFile.WriteText(file, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PipelineException($"'{file}' cannot be written: {e.Message} Choose another --file.");
        }
        return [$"{What} in '{file}'"];
    }
}
