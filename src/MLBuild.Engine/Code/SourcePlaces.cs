using System.Globalization;
using System.Reflection.Metadata;

namespace MLBuild.Engine.Code;

/// <summary>Says where IL was written, by the portable symbols in an assembly or beside it. They are opened only when
/// there is something to report.</summary>
internal sealed class SourcePlaces : IDisposable
{
    private readonly Dictionary<CodeModule, MetadataReaderProvider?> _symbols = [];

    /// <summary><c>Stages.cs:100</c>; null without symbols.</summary>
    public string? Of(CodeMethod method, int offset)
    {
        if (!_symbols.TryGetValue(method.Module, out var provider))
            _symbols[method.Module] = provider = method.Module.OpenSymbols();
        if (provider?.GetMetadataReader() is not { } symbols)
            return null;
        SequencePoint? at = null;
        foreach (var point in symbols.GetMethodDebugInformation(method.Handle.ToDebugInformationHandle())
            .GetSequencePoints())
        {
            if (point.Offset > offset && at is not null)
                break;
            if (!point.IsHidden)
                at = point;
        }
        if (at is not { } found)
            return null;
        var file = symbols.GetString(symbols.GetDocument(found.Document).Name);
        return $"{file[(file.LastIndexOfAny(['/', '\\']) + 1)..]}:" +
            found.StartLine.ToString(CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        foreach (var provider in _symbols.Values)
            provider?.Dispose();
    }
}
