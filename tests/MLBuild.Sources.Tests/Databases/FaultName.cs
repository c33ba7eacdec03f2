namespace MLBuild.Sources.Tests.Databases;

/// <summary>The type of a fault in one word.</summary>
internal static class FaultName
{
    public static string Of(Exception fault) => fault switch
    {
        UnreachableSourceException => "Unreachable",
        DeniedSourceException => "Denied",
        SourceSchemaException => "Schema",
        DuplicateRowsException => "Duplicate",
        LostSourceDataException => "Lost",
        _ => fault.GetType().Name,
    };
}
