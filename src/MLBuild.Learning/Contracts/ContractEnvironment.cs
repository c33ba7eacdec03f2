namespace MLBuild.Learning.Contracts;

/// <summary>Where data is checked, which decides what columns it has.</summary>
public enum ContractEnvironment
{
    /// <summary>All columns are there, also those that only the past knows: labels, outcomes.</summary>
    Training,

    /// <summary>Columns that exist only in training are not there, and must not be.</summary>
    Serving,
}
